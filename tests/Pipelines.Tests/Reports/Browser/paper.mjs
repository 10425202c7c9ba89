// node paper.mjs PAGE PDF: prints a page that is looked at in dark colours, and tells what was on the paper and what is left of it after.
import { launch, open } from './browser.mjs';

const [file, pdf] = process.argv.slice(2);
const browser = await launch();
const { page, seen } = await open(browser, file, { colorScheme: 'dark' });
await page.evaluate(() => addEventListener('beforeprint', () => {
  window.onPaper = { theme: document.documentElement.dataset.theme, canvases: [...document.querySelectorAll('.plot canvas')].filter(c => c.offsetWidth > 0).length };
}));
await page.pdf({ path: pdf, format: 'A4', printBackground: true });
const after = await page.evaluate(() => ({ theme: document.documentElement.dataset.theme ?? null, printing: document.documentElement.classList.contains('printing') }));
console.log(JSON.stringify({ onPaper: await page.evaluate(() => window.onPaper), after, errors: seen.errors }));
await browser.close();
