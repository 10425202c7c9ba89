// The page of cnn serve: pictures in, answers of the model out. It asks for nothing but the service that it came from.
'use strict';

const $ = id => document.getElementById(id);
const percent = share => `${(100 * share).toFixed(share > 0.9995 || share < 0.0005 ? 0 : 1)} %`;
const number = value => value.toLocaleString('en-US');
const say = text => { $('status').textContent = text; };

// ---- The service

let key = sessionStorage.getItem('key');
let asking = null; // for the key: one question at a time, whatever waits for it

function askForKey(isWrong) {
  return asking ??= new Promise(resolve => {
    $('key-fault').hidden = !isWrong;
    $('key').value = '';
    $('ask').showModal();
    $('ask').addEventListener('close', () => {
      asking = null;
      key = $('key').value;
      sessionStorage.setItem('key', key);
      resolve();
    }, { once: true });
  });
}

async function ask(path, options = {}) {
  for (;;) {
    const used = key;
    const answer = await fetch(path, { ...options, headers: used ? { Authorization: `Bearer ${used}` } : {} });
    if (answer.ok) return answer;
    if (answer.status === 401) {
      if (used === key) await askForKey(Boolean(used));
      continue;
    }
    if (answer.status === 503 && answer.headers.has('Retry-After')) { // full: these are people's pictures, not a flood
      await new Promise(done => setTimeout(done, 1000 * Number(answer.headers.get('Retry-After'))));
      continue;
    }
    const problem = await answer.json().catch(() => ({}));
    throw new Error(problem.detail ?? `The service answered ${answer.status}.`);
  }
}

const words = fault => fault instanceof TypeError ? 'The service cannot be reached.' : fault.message;

// A few at a time; the service scores together what comes together.
const most = 4, waiting = [];
let busy = 0;
function next() {
  while (busy < most && waiting.length > 0) {
    busy++;
    waiting.shift()().finally(() => { busy--; next(); });
  }
}

// ---- Pictures

function add(files) {
  const pictures = [...files].filter(file => file.type.startsWith('image/') || file.type === '');
  if (pictures.length === 0) { if (files.length > 0) say('These files are no pictures.'); return; }
  $('head').hidden = false;
  const cards = pictures.map(card);
  $('cards').prepend(...cards.map(one => one.element));
  waiting.push(...cards.map(one => one.predict));
  next();
}

function card(file) {
  const element = $('card').content.firstElementChild.cloneNode(true);
  const [image, caption, says, bars, remove] = ['img', 'figcaption', '.says', '.bars', '.remove'].map(name => element.querySelector(name));
  const original = URL.createObjectURL(file), maps = new Map();
  const name = file.name || 'a picture';
  let shown = null;
  image.src = original;
  image.alt = name;
  image.addEventListener('error', () => { if (image.src === original) image.removeAttribute('src'); });
  caption.textContent = name;
  remove.setAttribute('aria-label', `Remove ${name}`);
  remove.addEventListener('click', () => {
    const next = element.nextElementSibling ?? element.previousElementSibling;
    element.remove();
    for (const url of [original, ...maps.values()]) URL.revokeObjectURL(url);
    $('head').hidden = $('cards').children.length === 0;
    (next?.querySelector('.remove') ?? $('choose')).focus();
  });

  async function predict() {
    try {
      const { predictions: [answer] } = await (await ask('/predict', { method: 'POST', body: file })).json();
      says.textContent = `${answer.class}, ${percent(answer.probability)}`;
      bars.replaceChildren(...answer.classes.map(bar));
      say(`${name}: ${says.textContent}`);
    } catch (fault) {
      fail(fault);
    }
  }

  function bar(one) {
    const item = document.createElement('li'), button = document.createElement('button');
    button.type = 'button';
    button.setAttribute('aria-pressed', 'false');
    button.style.setProperty('--share', one.probability);
    button.append(...[one.class, percent(one.probability)].map(text => Object.assign(document.createElement('span'), { textContent: text })));
    button.addEventListener('click', () => show(shown === one.class ? null : one.class, button));
    item.append(button);
    return item;
  }

  async function show(name_, button) {
    shown = name_;
    for (const other of bars.querySelectorAll('button')) other.setAttribute('aria-pressed', `${other === button && shown !== null}`);
    element.classList.toggle('seen', shown !== null);
    if (shown === null) { image.src = original; image.alt = name; return; }
    try {
      if (!maps.has(name_)) maps.set(name_, URL.createObjectURL(await (await ask(`/explain?class=${encodeURIComponent(name_)}`, { method: 'POST', body: file })).blob()));
      if (shown !== name_) return;
      image.src = maps.get(name_);
      image.alt = `${name}, bright where the evidence for ${name_} is`;
      say(image.alt);
    } catch (fault) {
      say(words(fault));
      button.setAttribute('aria-pressed', 'false');
      shown = null;
    }
  }

  function fail(fault) {
    says.textContent = words(fault);
    says.classList.add('fault');
    say(`${name}: ${says.textContent}`);
  }

  return { element, predict };
}

$('choose').addEventListener('click', () => $('files').click());
for (const input of [$('files'), $('photo')]) input.addEventListener('change', () => { add(input.files); input.value = ''; });
$('clear').addEventListener('click', () => {
  for (const remove of document.querySelectorAll('.remove')) remove.click();
  $('choose').focus();
});
document.addEventListener('paste', event => add(event.clipboardData.files));
document.addEventListener('dragover', event => { event.preventDefault(); $('drop').classList.add('over'); });
document.addEventListener('dragleave', event => { if (event.relatedTarget === null) $('drop').classList.remove('over'); });
document.addEventListener('drop', event => {
  event.preventDefault();
  $('drop').classList.remove('over');
  add(event.dataTransfer.files);
});

// ---- The camera. Browsers lend it to pages of this machine and to https; elsewhere a phone's own camera takes the picture.

let stream = null, facing = 'environment';

async function film() {
  end();
  stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: facing } });
  $('video').srcObject = stream;
  await $('video').play();
  $('turn').hidden = (await navigator.mediaDevices.enumerateDevices()).filter(device => device.kind === 'videoinput').length < 2;
}

function end() {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
}

$('camera').addEventListener('click', async () => {
  if (!navigator.mediaDevices) { $('photo').click(); return; }
  try {
    await film();
    $('shot').showModal();
  } catch (fault) {
    say(`There is no camera to be had: ${fault.message}`);
    $('photo').click();
  }
});
$('turn').addEventListener('click', () => { facing = facing === 'user' ? 'environment' : 'user'; film(); });
$('close').addEventListener('click', () => $('shot').close());
$('shot').addEventListener('close', end);
$('take').addEventListener('click', () => {
  const video = $('video'), canvas = Object.assign(document.createElement('canvas'), { width: video.videoWidth, height: video.videoHeight });
  canvas.getContext('2d').drawImage(video, 0, 0);
  canvas.toBlob(blob => {
    $('shot').close();
    add([new File([blob], 'camera.jpg', { type: 'image/jpeg' })]);
  }, 'image/jpeg', 0.92);
});

// ---- The model

async function describe() {
  $('curl').textContent = `curl --data-binary @some.jpg ${location.origin}/predict`;
  try {
    const model = await (await ask('/model')).json(), { training, image } = model;
    $('about').textContent = `${model.file}: ${model.architecture}, ${number(model.classes.length)} classes`;
    const facts = {
      'network': `${model.architecture}, ${number(model.parameters)} parameters`,
      'sees': `${image.height} × ${image.width} pixels, ${image.channels === 1 ? 'gray' : 'colour'}`,
      'learned from': `${number(training.images)} images, ${number(training.epochs)} epochs`,
      'right of images held out': training.validationAccuracy === null ? 'not measured' : percent(training.validationAccuracy),
      'computes in': `${model.precision}, by ${model.engine}`,
      'model': model.model,
      'loaded': new Date(model.loaded).toLocaleString(),
    };
    $('facts').replaceChildren(...Object.entries(facts).map(([name, value]) => {
      const row = document.createElement('div');
      row.append(Object.assign(document.createElement('dt'), { textContent: name }), Object.assign(document.createElement('dd'), { textContent: value }));
      return row;
    }));
    $('classes').replaceChildren(...model.classes.map(one => Object.assign(document.createElement('li'), { textContent: one })));
    $('all').hidden = false;
  } catch (fault) {
    $('about').textContent = words(fault);
    $('about').classList.add('fault');
  }
}

describe();
