// Values over the epochs of a training run.
import { colour } from './look.js';
import { axis, legend, legendHeight, number, percent, shares, text, tooltip } from './parts.js';

const symbols = ['circle', 'triangle', 'rect', 'diamond', 'roundRect', 'pin'];
const dashes = ['solid', [6, 4], 'solid', [2, 3], 'solid', [10, 4, 2, 4]];
const manyEpochs = 40, colours = 6;

export function lines(data) {
  const say = data.percent ? percent : number;
  const at = index => [`Epoch ${data.epochs[index]}`, ...data.series.filter(s => s.values[index] !== null).map(s => `${s.name}: ${say(s.values[index])}`)];
  return {
    stops: data.epochs.map((_, index) => ({ series: data.series.findIndex(s => s.values[index] !== null), at: index, text: at(index).join(', ') })),
    option: width => ({
      grid: { left: 4, right: 16, top: data.series.length > 1 ? 24 + legendHeight(data.series.map(s => s.name), width) : 16, bottom: 24 },
      legend: data.series.length > 1 ? legend() : undefined,
      tooltip: tooltip('axis', items => text(...at(items[0].dataIndex))),
      xAxis: axis('epoch', { type: 'category', data: data.epochs, nameLocation: 'middle', nameGap: 24, boundaryGap: false, splitLine: { show: false } }),
      yAxis: data.percent ? shares() : axis('', { type: 'value', scale: true, axisLabel: { formatter: number } }),
      series: data.series.map((series, index) => ({
        type: 'line', name: series.name, data: series.values, connectNulls: true,
        symbol: symbols[index % symbols.length], symbolSize: 6, showSymbol: data.epochs.length <= manyEpochs,
        color: colour(`c${index % colours}`), lineStyle: { width: 2, type: dashes[index % dashes.length] },
        markLine: index === 0 && data.mark !== null && data.mark !== data.epochs.at(-1) ? best(data) : undefined,
      })),
    }),
  };
}

const best = data => ({
  silent: true, symbol: 'none', animation: false,
  data: [{ xAxis: data.epochs.indexOf(data.mark) }],
  lineStyle: { color: colour('quiet'), type: 'dashed' },
  label: { formatter: 'best', color: colour('quiet'), position: 'end', distance: 4 },
});
