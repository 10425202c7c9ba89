// Accuracy against what a model costs; the front that nothing beats is joined and marked with stars.
import { colour } from './look.js';
import { axis, legend, percent, shares, text, tooltip } from './parts.js';

const wideRange = 20, manyPoints = 14;
const star = 'path://M12 1l3.2 7.2 7.8.8-5.9 5.2 1.8 7.8L12 18l-6.9 4 1.8-7.8L1 9l7.8-.8z';

export function points(data) {
  const say = point => [named(point), ...(point.settings ? [point.settings] : []), `accuracy ${percent(point.accuracy)}`, `${data.axis.toLowerCase()} ${point.costText}`, ...(point.front ? ['at the front'] : [])];
  const groups = [
    { name: 'at the front', symbol: star, size: 18, colour: 'c1', points: data.points.filter(p => p.front).sort((a, b) => a.cost - b.cost) },
    { name: 'other models', symbol: 'circle', size: 11, colour: 'c0', points: data.points.filter(p => !p.front && !p.baseline) },
    { name: 'baseline', symbol: 'diamond', size: 13, colour: 'c2', points: data.points.filter(p => !p.front && p.baseline) },
  ].filter(group => group.points.length > 0);
  const costs = data.points.map(p => p.cost);
  const logarithmic = Math.max(...costs) / Math.min(...costs) > wideRange;
  // Names keep off the rising front: above it to the left, below it to the right, and inside the chart.
  const scale = value => logarithmic ? Math.log(value) : value;
  const [least, most] = [scale(Math.min(...costs)), scale(Math.max(...costs))];
  const accuracies = data.points.map(p => p.accuracy);
  const low = Math.min(...accuracies) + 0.2 * (Math.max(...accuracies) - Math.min(...accuracies));
  const place = point => {
    const at = most > least ? (scale(point.cost) - least) / (most - least) : 0.5;
    if (point.front) return at < 0.3 ? { position: 'bottom', align: 'left' } : { position: 'top', align: 'right' };
    return { position: point.accuracy < low ? 'top' : 'bottom', align: at < 0.3 ? 'left' : at > 0.7 ? 'right' : 'center' };
  };
  const order = groups.flatMap((group, series) => group.points.map((point, at) => ({ series, at, point }))).sort((a, b) => a.point.cost - b.point.cost);
  return {
    stops: order.map(({ series, at, point }) => ({ series, at, text: say(point).join(', ') })),
    option: () => ({
      grid: { left: 4, right: 28, top: 48, bottom: 26 },
      legend: legend({ itemWidth: 16 }),
      tooltip: tooltip('item', item => text(...say(groups[item.seriesIndex].points[item.dataIndex]))),
      xAxis: axis(data.unit, { type: logarithmic ? 'log' : 'value', scale: true, nameLocation: 'middle', nameGap: 26, splitLine: { show: false }, axisLabel: { formatter: short } }),
      yAxis: shares(),
      series: groups.map(group => ({
        type: group.symbol === star ? 'line' : 'scatter', name: group.name, data: group.points.map(p => ({ value: [p.cost, p.accuracy], label: place(p) })),
        symbol: group.symbol, symbolSize: group.size, color: colour(group.colour), itemStyle: { opacity: 1 }, lineStyle: { width: 2, type: [6, 4] }, showAllSymbol: true,
        label: { show: data.points.length <= manyPoints, formatter: item => named(group.points[item.dataIndex]), color: colour('ink'), fontSize: 12 },
        labelLayout: { hideOverlap: true },
      })),
    }),
  };
}

const named = point => point.name + (point.baseline ? ' (baseline)' : '');

const short = value => value >= 1e9 ? `${value / 1e9} G` : value >= 1e6 ? `${value / 1e6} M` : value >= 1e4 ? `${value / 1e3} k` : String(Number(value.toPrecision(3)));
