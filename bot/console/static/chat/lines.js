// Draws one line of a chat. Whatever a person wrote becomes text, never markup.

const el = (tag, name = '', text = '') => {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text) made.textContent = text;
  return made;
};

const OWN = location.origin.replaceAll('.', '\\.');
const CERTIFICATE = new RegExp(`((?:${OWN}|(?<![\\w/]))/certificate/[\\w-]{20,})`);

// What is said, as text; a certificate the assistant gave out can be opened, on this server only.
function said(line) {
  const made = el('div', 'said');
  for (const part of line.text.split(CERTIFICATE)) {
    const link = line.by === 'bot' && CERTIFICATE.test(part);
    made.append(link ? Object.assign(el('a', '', part), { href: part, target: '_blank', rel: 'noopener' }) : part);
  }
  return made;
}

function face(line) {
  const made = el('span', 'face');
  made.setAttribute('aria-hidden', 'true');
  if (line.by === 'bot') {
    const logo = el('img');
    logo.src = '/static/logo.svg';
    logo.alt = '';
    made.append(logo);
  } else {
    made.classList.add(line.by === 'me' ? 'self' : `hue${line.hue ?? 0}`);
    made.textContent = [...(line.name || '我').replace(/^[小老](?=.)/, '')][0]; // 小陈 and 小李 have one face each
  }
  return made;
}

function photo(source) {
  const link = el('a');
  const image = el('img');
  image.alt = '照片';
  image.src = source.startsWith('data:') ? source : `/chat/photo/${source}`;
  if (source.startsWith('data:')) return image;
  image.loading = 'lazy';
  link.href = image.src;
  link.target = '_blank';
  link.rel = 'noopener';
  link.append(image);
  return link;
}

function bubble(line) {
  const made = el('div', 'bubble');
  if (line.quote) made.append(el('div', 'quote', `${line.quote.name}：${line.quote.text || '照片'}`));
  if (line.photos?.length) {
    const row = el('div', 'photos');
    row.append(...line.photos.map(photo));
    made.append(row);
  }
  if (line.location) made.append(el('div', 'said', '📍 我的位置'));
  if (line.text) made.append(said(line));
  return made;
}

function choice(line, { token, label, link }, act) {
  if (link) {
    const made = el('a', '', label);
    made.href = `/chat?start=${encodeURIComponent(link)}`;
    made.addEventListener('click', (event) => {
      event.preventDefault();
      act.open(link);
    });
    return made;
  }
  const made = el('button', '', label);
  made.type = 'button';
  const settle = (button, all) => {
    all.classList.add('used');
    button.disabled = true;
    button.classList.add('chosen');
    button.textContent = `✓ ${label}`;
  };
  made.addEventListener('click', () => {
    settle(made, made.closest('.choices'));
    act.press(line, token);
  });
  if (act.pressed(line, token)) queueMicrotask(() => settle(made, made.closest('.choices')));
  return made;
}

function choices(line, act) {
  const made = el('div', 'choices');
  for (const row of line.choices) {
    const set = el('div', 'set');
    set.append(...row.map((one) => choice(line, one, act)));
    made.append(set);
  }
  return made;
}

// `act`: { press(line, token), pressed(line, token), open(code), reply(line) or null }
export function draw(line, act) {
  const made = el('article', `line ${line.by}`);
  if (line.id) made.dataset.id = line.id;
  if (line.key) made.dataset.key = line.key;
  const part = el('div', 'part');
  const name = { bot: '小邻', me: '我' }[line.by] ?? line.name;
  part.append(el('span', line.by === 'me' ? 'hear' : 'name', name));
  part.append(bubble(line));
  if (line.choices?.length) part.append(choices(line, act));
  if (line.fate) part.append(el('span', 'fate', line.fate));
  if (act.reply && line.id && line.by !== 'me') {
    const answer = el('button', 'answer', '回复');
    answer.type = 'button';
    answer.setAttribute('aria-label', `回复${name}`);
    answer.addEventListener('click', () => act.reply(line));
    part.append(answer);
  }
  made.append(face(line), part);
  return made;
}

const DAY = new Intl.DateTimeFormat('zh-CN', { month: 'long', day: 'numeric' });
const HOUR = new Intl.DateTimeFormat('zh-CN', { hour: '2-digit', minute: '2-digit', hour12: false });

export function when(at) {
  const then = new Date(at);
  const today = new Date().toDateString() === then.toDateString();
  const made = el('div', 'when', `${today ? '' : `${DAY.format(then)} `}${HOUR.format(then)}`);
  made.setAttribute('aria-hidden', 'true');
  return made;
}
