// Draws the charts, keeps them in step with width, theme and paper, and lets arrow keys read their values.
import * as echarts from 'echarts/core';
import { BarChart, HeatmapChart, LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import { LabelLayout } from 'echarts/features';
import { CanvasRenderer, SVGRenderer } from 'echarts/renderers';
import { lines } from './lines.js';
import { matrix } from './matrix.js';
import { points } from './points.js';
import { reliability } from './reliability.js';
import { onThemeChange, setTheme } from './look.js';

echarts.use([BarChart, HeatmapChart, LineChart, ScatterChart, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, LabelLayout, CanvasRenderer, SVGRenderer]);

const kinds = { lines, matrix, points, reliability };

/** Draws each chart of the data where the page has a place for it. */
export function drawCharts(data) {
  const charts = [...document.querySelectorAll('.plot[data-chart]')].map(place => draw(place, data[place.dataset.chart]));
  const each = action => () => charts.forEach(action);
  onThemeChange(each(chart => chart.redraw()));
  const observer = new ResizeObserver(entries => { for (const entry of entries) charts.find(chart => chart.place === entry.target)?.fit(); });
  for (const chart of charts) observer.observe(chart.place);

  // Paper is white and narrow, and charts do not follow the print layout by themselves.
  let before;
  addEventListener('beforeprint', () => {
    before = document.documentElement.dataset.theme;
    document.documentElement.classList.add('printing');
    setTheme('light');
    charts.forEach(chart => chart.fit());
    charts.forEach(chart => chart.paper(true));
  });
  addEventListener('afterprint', () => {
    document.documentElement.classList.remove('printing');
    setTheme(before);
    charts.forEach(chart => chart.paper(false));
    charts.forEach(chart => chart.fit());
  });
}

function draw(place, data) {
  const kind = kinds[data.kind](data);
  const renderer = kind.renderer ?? 'svg';
  const canvas = box(place), chart = echarts.init(canvas, null, { renderer });
  const paint = to => to.setOption({ animation: false, textStyle: { fontFamily: 'system-ui, sans-serif' }, ...kind.option(to.getWidth(), to.getHeight()) }, true);
  const redraw = () => paint(chart);
  const fit = () => {
    if (canvas.clientWidth === chart.getWidth() && canvas.clientHeight === chart.getHeight()) return;
    chart.resize();
    redraw();
  };
  // Browsers print only the first strokes of a full canvas: on paper such a chart is drawn as SVG too.
  let copy;
  const paper = on => {
    if (renderer === 'svg') return;
    canvas.hidden = on;
    if (on) paint(copy = echarts.init(box(place), null, { renderer: 'svg' }));
    else if (copy) { const old = copy.getDom(); copy.dispose(); old.remove(); copy = undefined; }
  };
  redraw();
  kind.attach?.({ chart, place, redraw });
  readByKeys(place, kind.reader?.() ?? stops(chart, kind.stops));
  place.dataset.drawn = 'yes';
  return { place, redraw, fit, paper };
}

function box(place) {
  const canvas = place.appendChild(document.createElement('div'));
  canvas.className = 'canvas';
  canvas.setAttribute('aria-hidden', 'true');
  return canvas;
}

/** The values one after the other: each shows the chart's own tooltip. */
function stops(chart, list) {
  let at = -1;
  return {
    move(across, down) {
      at = Math.min(Math.max(at + across + down, 0), list.length - 1);
      chart.dispatchAction({ type: 'showTip', seriesIndex: list[at].series, dataIndex: list[at].at });
      return list[at].text;
    },
    leave() { at = -1; chart.dispatchAction({ type: 'hideTip' }); },
  };
}

const arrows = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1], Home: [-1e6, -1e6], End: [1e6, 1e6] };

function readByKeys(place, reader) {
  const reading = document.querySelector(`[data-reading="${place.dataset.chart}"]`);
  place.addEventListener('keydown', event => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === 'Escape') { reader.leave(); reading.textContent = ''; }
    const arrow = arrows[event.key];
    if (!arrow) return;
    event.preventDefault();
    reading.textContent = reader.move(...arrow);
  });
  place.addEventListener('blur', () => { reader.leave(); reading.textContent = ''; });
}
