// How often predictions of a probability are right, with the number of predictions below.
import { colour } from './look.js';
import { axis, count, legend, legendHeight, percent, text, tooltip } from './parts.js';

const names = ['share that is right', 'mean probability', 'perfect'];
const margins = { left: 52, right: 16, outerBoundsMode: 'none' };
const ranges = Array.from({ length: 10 }, (_, at) => at);
const label = at => `${at * 10}–${at * 10 + 10}%`;

export function reliability(data) {
  const bins = ranges.map(at => data.bins.find(bin => bin.at === at));
  const say = bin => [`Probability ${label(bin.at)}`, `right: ${percent(bin.accuracy)}`, `mean probability: ${percent(bin.confidence)}`, `${count(bin.count)} predictions`];
  const bar = (name, value, more) => ({ type: 'bar', name, barWidth: '88%', data: bins.map(bin => bin ? value(bin) : null), ...more });
  return {
    stops: data.bins.map(bin => ({ series: 0, at: bin.at, text: say(bin).join(', ') })),
    option: width => ({
      legend: legend({ itemWidth: 16, data: [names[0], names[1], { name: names[2], icon: 'path://M0 5h28v2H0z' }] }),
      tooltip: tooltip('item', item => bins[item.dataIndex] ? text(...say(bins[item.dataIndex])) : ''),
      // Both with the same margins, so that bars stand below each other.
      grid: [{ ...margins, top: 24 + legendHeight(names, width, 16), bottom: 166 }, { ...margins, height: 70, bottom: 46 }],
      xAxis: [
        axis('', { type: 'category', data: ranges.map(label), axisLabel: { show: false } }),
        { type: 'value', gridIndex: 0, min: 0, max: 1, show: false },
        axis('probability', { type: 'category', gridIndex: 1, data: ranges.map(label), nameLocation: 'middle', nameGap: 26 }),
      ],
      yAxis: [
        axis('', { type: 'value', min: 0, max: 1, axisLabel: { formatter: value => `${Math.round(value * 100)}%` } }),
        axis('predictions', { type: 'value', gridIndex: 1, splitNumber: 2, nameTextStyle: { align: 'left', color: colour('quiet') }, nameGap: 8 }),
      ],
      series: [
        bar(names[0], bin => bin.accuracy, { color: colour('c0') }),
        { type: 'line', name: names[2], xAxisIndex: 1, data: [[0, 0], [1, 1]], symbol: 'none', silent: true, color: colour('ink'), lineStyle: { width: 1.5, type: 'dashed' } },
        { type: 'scatter', name: names[1], data: bins.map(bin => bin ? bin.confidence : null), symbol: 'diamond', symbolSize: 9, color: colour('c1') },
        bar('predictions', bin => bin.count, { xAxisIndex: 2, yAxisIndex: 1, color: colour('quiet') }),
      ],
    }),
  };
}
