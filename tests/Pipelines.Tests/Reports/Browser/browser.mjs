// Debian's Chromium, with nothing that would call home.
import { chromium } from 'playwright-core';

const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args });

/** Opens a page, and collects what it says, what it asks for beside its pictures, and how many milliseconds went by until all was painted. */
export async function open(browser, file, { width = 1280, colorScheme = 'light' } = {}) {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
  const seen = { errors: [], requests: [] };
  page.on('console', message => { if (['error', 'warning'].includes(message.type())) seen.errors.push(message.text()); });
  page.on('pageerror', error => seen.errors.push(error.message));
  page.on('request', request => { if (!request.url().startsWith('data:')) seen.requests.push(request.url()); });
  const started = performance.now();
  await page.goto(`file://${file}`);
  await page.evaluate(() => new Promise(painted => requestAnimationFrame(() => setTimeout(painted))));
  seen.opened = performance.now() - started;
  return { page, seen };
}
