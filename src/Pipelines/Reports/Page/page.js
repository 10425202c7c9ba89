// What the page can do with a script; without one its words, tables and pictures are all there.
import { drawCharts } from './charts.js';
import { switchTheme } from './look.js';
import { makeSortable } from './tables.js';

document.documentElement.classList.add('js');
for (const tools of document.querySelectorAll('.tools')) tools.hidden = false;
for (const button of document.querySelectorAll('[data-theme-switch]')) switchTheme(button);
for (const button of document.querySelectorAll('[data-print]')) button.addEventListener('click', () => print());
for (const button of document.querySelectorAll('[data-copy]')) button.addEventListener('click', () => copy(button));
for (const table of document.querySelectorAll('table[data-sortable]')) makeSortable(table);
drawCharts(JSON.parse(document.getElementById('charts').textContent));

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  const answer = document.querySelector('[data-copied]');
  try {
    await navigator.clipboard.writeText(source.textContent);
    answer.textContent = 'Copied.';
  } catch {
    // Pages opened from a file may not write to the clipboard: leave the text selected.
    getSelection().selectAllChildren(source);
    answer.textContent = 'Selected: press Ctrl+C or ⌘C.';
  }
}
