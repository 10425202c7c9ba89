// Options that several charts share.
import { colour } from './look.js';

export const percent = value => `${(value * 100).toFixed(1)}%`;

export const number = value => value === null || value === undefined ? '–'
  : value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential(2) : value.toLocaleString('en', { maximumSignificantDigits: 4 });

export const count = value => value.toLocaleString('en');

/** Lines of text as an element: names in them stay text, whatever they contain. */
export function text(...lines) {
  const box = document.createElement('div');
  for (const [at, line] of lines.entries()) {
    const row = box.appendChild(document.createElement('div'));
    row.textContent = line;
    if (at === 0) row.style.fontWeight = '600';
  }
  return box;
}

export const tooltip = (trigger, formatter) => ({
  trigger, formatter, confine: true, transitionDuration: 0, padding: [8, 12],
  backgroundColor: colour('raised'), borderColor: colour('line'), textStyle: { color: colour('ink'), fontSize: 13 },
  axisPointer: { lineStyle: { color: colour('quiet') } },
});

export const axis = (name, more = {}) => ({
  name, nameTextStyle: { color: colour('quiet') },
  axisLine: { lineStyle: { color: colour('line') } }, axisTick: { show: false },
  splitLine: { lineStyle: { color: colour('line') } },
  ...more,
  axisLabel: { color: colour('quiet'), hideOverlap: true, ...more.axisLabel },
});

/** An axis of shares, which never goes past 100 %. */
export const shares = () => axis('', {
  type: 'value', scale: true, min: ({ min, max }) => min === max ? 0 : null, max: ({ min, max }) => max > 0.95 || min === max ? 1 : null,
  axisLabel: { formatter: value => `${Number((value * 100).toFixed(1))}%` },
});

/** How high a legend is that has to break its names into rows. */
export function legendHeight(names, width, mark = 28) {
  let rows = 1, used = 0;
  for (const name of names) {
    const wanted = mark + 16 + name.length * 6.6;
    if (used > 0 && used + wanted > width) { rows++; used = 0; }
    used += wanted;
  }
  return rows * 20;
}

export const legend = (more = {}) => ({ top: 0, left: 0, itemWidth: 28, textStyle: { color: colour('ink') }, inactiveColor: colour('line'), ...more });
