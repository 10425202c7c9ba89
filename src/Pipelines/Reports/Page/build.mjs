// Bundles the page's script with the parts of the chart library that it uses, its style, and the licences of what is bundled: dist/.
// The same sources give the same bytes on every machine: the lock file fixes the versions, and nothing of time or place gets in.
import { readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

await build({
  entryPoints: ['page.js', 'page.css'],
  bundle: true, minify: true, format: 'iife', target: 'es2020', legalComments: 'none', charset: 'utf8',
  outdir: 'dist', outExtension: { '.js': '.min.js', '.css': '.min.css' },
});
if (/<\/script|<!--/i.test(readFileSync('dist/page.min.js', 'utf8'))) throw new Error('page.min.js has text that would end the script element.');

const licences = ['echarts/NOTICE', 'echarts/LICENSE', 'echarts/licenses/LICENSE-d3', 'zrender/LICENSE', 'tslib/LICENSE.txt'];
const text = licences.map(file => `${file}\n\n${readFileSync(`node_modules/${file}`, 'utf8').replaceAll('\r\n', '\n').trim()}\n`);
writeFileSync('dist/licences.txt', text.join(`\n${'-'.repeat(80)}\n\n`));
