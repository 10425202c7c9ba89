// Light and dark: the style sheet has the colours, charts ask for them here.

const root = document.documentElement;
const system = matchMedia('(prefers-color-scheme: dark)');
const listeners = [];
const probe = document.createElement('span');
probe.hidden = true;
document.body.append(probe);

export const isDark = () => (root.dataset.theme ?? (system.matches ? 'dark' : 'light')) === 'dark';

/** A colour of the style sheet in the present theme, as rgb(…). */
export function colour(name) {
  probe.style.color = `var(--${name})`;
  return getComputedStyle(probe).color;
}

export const onThemeChange = listener => listeners.push(listener);

export function setTheme(theme) {
  if (theme) root.dataset.theme = theme; else delete root.dataset.theme;
  for (const listener of listeners) listener();
}

export function switchTheme(button) {
  const label = () => { button.textContent = isDark() ? 'Light' : 'Dark'; button.setAttribute('aria-label', `Switch to ${isDark() ? 'light' : 'dark'} colours`); };
  button.addEventListener('click', () => setTheme(isDark() ? 'light' : 'dark'));
  onThemeChange(label);
  label();
}

system.addEventListener('change', () => setTheme(root.dataset.theme));

/** A colour between two of rgb(…), at 0 the first, at 1 the second. */
export function blend(from, to, at) {
  const parts = text => text.match(/[\d.]+/g).slice(0, 3).map(Number);
  const [a, b] = [parts(from), parts(to)];
  return `rgb(${a.map((value, i) => Math.round(value + (b[i] - value) * at)).join(', ')})`;
}

/** Whether dark text is easier to read than white on a colour of rgb(…). */
export function isBright(rgb) {
  const [r, g, b] = rgb.match(/[\d.]+/g).map(value => { const c = value / 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18;
}
