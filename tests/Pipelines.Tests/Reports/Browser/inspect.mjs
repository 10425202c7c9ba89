// node inspect.mjs FOLDER [SCREENSHOTS]: opens each report of a folder in each width and theme, and prints what there is to see as JSON.
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { launch, open } from './browser.mjs';
import { charts, use } from './probes.mjs';

const [folder, screenshots] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const browser = await launch();
const result = {};
for (const file of readdirSync(folder).filter(name => name.endsWith('.html')).sort()) {
  const views = [];
  for (const width of [1280, 390]) for (const colorScheme of ['light', 'dark']) views.push(await view(file, width, colorScheme));
  const { page } = await open(browser, join(folder, file));
  result[basename(file, '.html')] = { views, ...await use(page) };
  await page.close();
}
await browser.close();
console.log(JSON.stringify(result));

async function view(file, width, colorScheme) {
  const { page, seen } = await open(browser, join(folder, file), { width, colorScheme });
  const found = { width, colorScheme, charts: await charts(page), overflow: await page.evaluate(() => document.documentElement.scrollWidth - innerWidth) };
  found.background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  if (screenshots) await page.screenshot({ path: join(screenshots, `${basename(file, '.html')}-${width}-${colorScheme}.png`), fullPage: true });
  // Once wide and once narrow, once light and once dark: axe is the slow part.
  if ((width > 1000) === (colorScheme === 'light')) found.violations = await accessibility(page);
  await page.close();
  return { ...found, ...seen };
}

/** What axe finds that is serious or critical. It is injected past the page's own policy, which would refuse it. */
async function accessibility(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }));
  return violations.filter(v => ['serious', 'critical'].includes(v.impact)).map(v => `${v.id}: ${v.nodes[0].html.slice(0, 120)}`);
}
