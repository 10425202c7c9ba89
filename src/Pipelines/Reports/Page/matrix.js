// The confusion matrix: hits in one colour, mistakes in another, the stronger the larger their share of the row.
import { blend, colour, isBright } from './look.js';
import { axis, count, percent, text } from './parts.js';

const mostLabels = 40, mostCounts = 16, hardest = 25, smallestCellWithCount = 24, manyCells = 1500, widestCell = 110;

export function matrix(data) {
  let shown = data.classes.map((_, at) => at);
  let counts = cells(data, shown);
  const say = (row, column) => {
    const [label, said] = [data.classes[shown[row]], data.classes[shown[column]]];
    const images = counts.get(row * shown.length + column) ?? 0, of = data.supports[shown[row]];
    return [`True: ${label}`, `Predicted: ${said}`, `${count(images)} of ${count(of)}${of ? ` (${percent(images / of)})` : ''}`];
  };
  return {
    // A picture of lines and text stays sharp on paper and enlarged; thousands of cells are for a canvas.
    renderer: data.cells.length / 3 > manyCells ? 'canvas' : 'svg',
    option: (width, height) => option(data, shown, counts, width, height),
    attach({ chart, place, redraw }) {
      // Two classes need no cells of a hand's width.
      place.style.maxWidth = `${data.classes.length * widestCell + 160}px`;
      this.pointer = pointer(chart, place, say, () => shown.length);
      if (data.classes.length > mostLabels) chooser(place, data, list => { shown = list; counts = cells(data, shown); redraw(); });
    },
    reader() {
      let row = 0, column = -1;
      return {
        move: (across, down) => {
          const clamp = value => Math.min(Math.max(value, 0), shown.length - 1);
          // The first arrow enters at the first cell.
          if (column < 0 && Math.abs(down) < 2) [row, column, across, down] = [0, 0, 0, 0];
          [row, column] = [clamp(row + down), clamp(column + across)];
          this.pointer.show(row, column);
          return say(row, column).join(', ');
        },
        leave: () => this.pointer.hide(),
      };
    },
  };
}

/** The counts that are not 0, by row and column among the classes shown. */
function cells(data, shown) {
  const place = new Map(shown.map((classAt, at) => [classAt, at]));
  const counts = new Map();
  for (let at = 0; at < data.cells.length; at += 3) {
    const row = place.get(data.cells[at]), column = place.get(data.cells[at + 1]);
    if (row !== undefined && column !== undefined) counts.set(row * shown.length + column, data.cells[at + 2]);
  }
  return counts;
}

function option(data, shown, counts, width) {
  const names = shown.map(at => data.classes[at]);
  const labels = shown.length <= mostLabels;
  const longest = Math.min(Math.max(...names.map(name => name.length)) * 7 + 12, width < 500 ? 76 : 136);
  const withCounts = shown.length <= mostCounts && (width - longest) / shown.length > smallestCellWithCount;
  const shades = shading();
  const category = more => axis('', {
    type: 'category', data: names, splitLine: { show: shown.length <= mostCounts, lineStyle: { color: colour('line') } }, splitArea: { show: false }, ...more,
    axisLabel: { show: labels, interval: 0, hideOverlap: false, width: longest, overflow: 'truncate', fontSize: shown.length > 20 ? 10 : 12, ...more.axisLabel },
  });
  return {
    grid: { left: 24, right: 8, top: 8, bottom: 24, show: true, borderColor: colour('line'), backgroundColor: colour('card') },
    xAxis: category({ name: 'predicted class', nameLocation: 'middle', nameGap: 8, nameMoveOverlap: true, axisLabel: { rotate: longest * shown.length > width - longest ? 60 : 0 } }),
    yAxis: category({ name: 'true class', nameLocation: 'middle', nameMoveOverlap: true, inverse: true }),
    series: [{
      type: 'heatmap', progressive: 0, emphasis: { disabled: true }, silent: true,
      label: { show: withCounts, formatter: item => item.value[2] },
      data: [...counts].map(([at, images]) => {
        const row = Math.floor(at / shown.length), column = at % shown.length;
        const fill = shades(row === column, images / data.supports[shown[row]]);
        return { value: [column, row, images], itemStyle: { color: fill }, label: withCounts ? { color: isBright(fill) ? '#000' : '#fff', fontSize: 12 } : undefined };
      }),
    }],
  };
}

/** Small shares are what one looks for, so they are drawn out: the colour goes by the square root. */
function shading() {
  const [back, hit, miss] = [colour('card'), colour('hit'), colour('miss')];
  const steps = [hit, miss].map(end => Array.from({ length: 101 }, (_, at) => blend(back, end, 0.08 + 0.92 * Math.sqrt(at / 100))));
  return (isHit, share) => steps[isHit ? 0 : 1][Math.round(share * 100)];
}

/** The frame around a cell and the words about it, for pointer and keys alike. */
function pointer(chart, place, say, size) {
  const frame = place.appendChild(document.createElement('div')), tip = place.appendChild(document.createElement('div'));
  frame.className = 'frame';
  tip.className = 'tip';
  for (const box of [frame, tip]) { box.hidden = true; box.setAttribute('aria-hidden', 'true'); }
  const show = (row, column) => {
    const [x, y] = chart.convertToPixel({ gridIndex: 0 }, [column, row]);
    const { width, height } = chart.getModel().getComponent('grid').coordinateSystem.getRect();
    const [w, h] = [Math.max(width / size(), 3), Math.max(height / size(), 3)];
    Object.assign(frame.style, { left: `${x - w / 2}px`, top: `${y - h / 2}px`, width: `${w}px`, height: `${h}px` });
    tip.replaceChildren(text(...say(row, column)));
    frame.hidden = tip.hidden = false;
    const left = x + w / 2 + 8 + tip.offsetWidth > place.clientWidth ? x - w / 2 - 8 - tip.offsetWidth : x + w / 2 + 8;
    Object.assign(tip.style, { left: `${Math.max(0, left)}px`, top: `${Math.min(Math.max(0, y - tip.offsetHeight / 2), place.clientHeight - tip.offsetHeight)}px` });
  };
  const hide = () => { frame.hidden = tip.hidden = true; };
  const over = event => {
    const at = [event.offsetX, event.offsetY];
    if (!chart.containPixel({ gridIndex: 0 }, at)) return hide();
    const [column, row] = chart.convertFromPixel({ gridIndex: 0 }, at);
    show(row, column);
  };
  chart.getZr().on('mousemove', over);
  chart.getZr().on('click', over);
  chart.getZr().on('globalout', hide);
  return { show, hide };
}

/** With many classes the cells are small: a switch to those with the most mistakes. */
function chooser(place, data, choose) {
  const wrong = data.classes.map(() => 0);
  for (let at = 0; at < data.cells.length; at += 3) {
    if (data.cells[at] === data.cells[at + 1]) continue;
    wrong[data.cells[at]] += data.cells[at + 2];
    wrong[data.cells[at + 1]] += data.cells[at + 2];
  }
  const all = data.classes.map((_, at) => at);
  const worst = [...all].sort((a, b) => wrong[b] - wrong[a]).slice(0, hardest).sort((a, b) => a - b);
  const button = document.createElement('button');
  button.type = 'button';
  button.setAttribute('aria-pressed', 'false');
  button.textContent = `Only the ${hardest} classes with most mistakes`;
  button.addEventListener('click', () => {
    const few = button.getAttribute('aria-pressed') === 'false';
    button.setAttribute('aria-pressed', String(few));
    choose(few ? worst : all);
  });
  place.before(button);
}
