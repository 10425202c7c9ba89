// What the tests want to know of an open page.

/** Each place for a chart, and how much is drawn in it that is neither axis nor text: shapes of an SVG in colours of data, or painted pixels of a canvas. */
export const charts = page => page.evaluate(() => {
  const probe = document.body.appendChild(document.createElement('span'));
  const colour = name => { probe.style.color = `var(--${name})`; return getComputedStyle(probe).color; };
  const plain = ['none', 'rgba(0, 0, 0, 0)', ...['ink', 'quiet', 'line', 'card', 'back'].map(colour)];
  probe.remove();
  const isMark = path => {
    const { fill, stroke } = getComputedStyle(path);
    return !path.closest('defs') && path.getTotalLength() > 0 && !(plain.includes(fill) && plain.includes(stroke));
  };
  const marks = svg => [...svg.querySelectorAll('path')].filter(isMark).length;
  const painted = canvas => {
    const pixels = new Uint32Array(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer);
    return pixels.filter(pixel => pixel !== pixels[0]).length;
  };
  return Object.fromEntries([...document.querySelectorAll('[data-chart]')].map(place => {
    const canvas = place.querySelector('canvas');
    return [place.dataset.chart, canvas ? painted(canvas) : marks(place.querySelector('svg'))];
  }));
});

/** What the page answers to a pointer and to keys. */
export async function use(page) {
  const used = { title: await page.locator('h1').textContent(), headings: await page.locator('h2').allTextContents(), markup: await page.evaluate(() => document.querySelectorAll('main script, main img[onerror]').length) };
  used.scripted = await page.evaluate(() => window.broken ?? null);
  if (await page.locator('[data-chart=confusion]').count()) Object.assign(used, await confusion(page));
  const first = page.locator('[data-chart]').first();
  if (await first.count()) used.read = await byKeys(page, first, ['ArrowRight', 'ArrowRight']);
  used.sorted = await sorted(page);
  return used;
}

async function confusion(page) {
  const place = page.locator('[data-chart=confusion]');
  await place.scrollIntoViewIfNeeded();
  const read = await byKeys(page, place, ['Home', ...Array(6).fill('ArrowDown')]);
  const frame = await place.locator('.frame').boundingBox();
  await page.keyboard.press('Escape');
  const hidden = await place.locator('.tip').isHidden();
  await page.mouse.move(frame.x + frame.width / 2, frame.y + frame.height / 2);
  const hovered = await place.locator('.tip').innerText();
  await page.mouse.move(0, 0);
  return { cell: { read, hidden, hovered, left: await place.locator('.tip').isHidden() }, fewer: await fewer(page, place) };
}

/** The last cell that keys reach, of all classes and of those with most mistakes; null where there is no such choice. */
async function fewer(page, place) {
  const button = page.locator('figure > button');
  if (!await button.count()) return null;
  const all = await byKeys(page, place, ['End']);
  await button.click();
  return { all, few: await byKeys(page, place, ['End']), pressed: await button.getAttribute('aria-pressed'), steps: await byKeys(page, place, ['Home', ...Array(30).fill('ArrowDown')]) };
}

async function byKeys(page, place, keys) {
  await place.focus();
  for (const key of keys) await page.keyboard.press(key);
  return page.locator(`[data-reading="${await place.getAttribute('data-chart')}"]`).textContent();
}

/** The first sortable table by its second column: largest values first, then smallest. */
async function sorted(page) {
  const table = page.locator('section > .card table[data-sortable]').first();
  if (!await table.count()) return null;
  const column = () => table.evaluate(t => [...t.tBodies[0].rows].map(row => row.cells[1].dataset.order).filter(Boolean).map(Number));
  const head = table.locator('thead th').nth(1);
  const answers = [];
  for (let click = 0; click < 2; click++) {
    await head.locator('button').click();
    answers.push({ order: await head.getAttribute('aria-sort'), values: await column() });
  }
  return answers;
}
