// The chat page: ties the panes, the queue of what is said and the live stream together.

import { Composer } from './composer.js';
import { Pane } from './pane.js';
import { Queue } from './queue.js';
import { Stream } from './stream.js';

const $ = (id) => document.getElementById(id);
const PAGE = 50; // lines a request gives

// Nothing can be said here any more, and why stands above; what was written stays in its field.
function end() {
  $('state').hidden = true;
  $('over').hidden = false;
  for (const id of ['send', 'photo', 'place', 'call']) if ($(id)) $(id).disabled = true;
}

try {
  sessionStorage.getItem('linli.as');
} catch (error) { // the browser takes neither cookies nor storage
  end();
  throw error;
}

const me = $('me');
const isStaff = me.dataset.kind === 'staff';
const home = isStaff ? '/staff/chat' : '/chat';
const as = isStaff ? 'staff' : (() => {
  const many = me.options.length;
  const kept = Number(sessionStorage.getItem('linli.as') ?? localStorage.getItem('linli.as') ?? Math.floor(Math.random() * many));
  const mine = kept >= 0 && kept < many ? kept : 0;
  sessionStorage.setItem('linli.as', mine);
  localStorage.setItem('linli.as', mine);
  return String(mine);
})();
me.value = as;
me.addEventListener('change', () => {
  sessionStorage.setItem('linli.as', me.value);
  localStorage.setItem('linli.as', me.value);
  location.reload();
});

const newId = () => `${Date.now().toString(36)}-${crypto.getRandomValues(new Uint32Array(2)).join('-')}`;

let toastTimer;
export function toast(text) {
  if (!text) return;
  $('toast').textContent = text;
  $('toast').hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { $('toast').hidden = true; }, 2_500 + 90 * text.length);
}

// A blink of the connection is no news: it is shown as down only when it stays so.
const down = { stream: { after: 4_000 }, post: { after: 700 } };
function connection(which, yes) {
  const one = down[which];
  const show = () => {
    const any = Object.values(down).some((each) => each.shown);
    $('state').hidden = !any;
    $('state').textContent = any ? '正在重新连接…您说的话都替您留着' : '';
  };
  if (yes) {
    one.timer ??= setTimeout(() => {
      one.shown = true;
      show();
    }, one.after);
    return;
  }
  clearTimeout(one.timer);
  one.timer = undefined;
  one.shown = false;
  show();
}

// Who was signed out hears it once, and the page asks no more. A visitor is given another cookie, once: a browser that
// does not take it would reload for ever.
let told = false;
function over() {
  if (told) return;
  told = true;
  if (!isStaff && !sessionStorage.getItem('linli.anew')) {
    sessionStorage.setItem('linli.anew', 'yes');
    location.reload();
    return;
  }
  stream?.stop();
  queue.stop();
  for (const one of Object.values(down)) clearTimeout(one.timer);
  end();
}

const pressed = new Set(JSON.parse(sessionStorage.getItem('linli.pressed') ?? '[]'));
function press(chat, line, token) {
  pressed.add(token);
  sessionStorage.setItem('linli.pressed', JSON.stringify([...pressed].slice(-300)));
  const id = newId();
  queue.add({ path: '/chat/press', fields: { id, as, chat, message: line.id, choice: token } });
}

function open(code) {
  show('private');
  queue.add({ path: '/chat/start', fields: { id: newId(), as, code } });
}

async function lines(chat, before) {
  const query = new URLSearchParams({ as, chat, ...(before ? { before } : {}) });
  const answer = await fetch(`/chat/lines?${query}`);
  if (answer.status === 401) over();
  if (!answer.ok) throw new Error(`lines ${answer.status}`);
  return answer.json();
}

const panes = new Map([...document.querySelectorAll('.panel')].map((section) => {
  const chat = section.dataset.chat;
  const act = {
    press: (line, token) => press(chat, line, token),
    pressed: (line, token) => pressed.has(token),
    open,
    reply: chat === 'private' ? null : (line) => composer.reply(line),
  };
  return [chat, new Pane(section, act, lines)];
}));

// Which lines of a chat were on the screen, so that the next visit marks those with news.
const seen = JSON.parse(localStorage.getItem('linli.seen') ?? '{}');
function looked(chat) {
  seen[`${as}:${chat}`] = Math.max(0, ...panes.get(chat).lines.keys());
  localStorage.setItem('linli.seen', JSON.stringify(seen));
}

const all = $('all');
function unfold(yes) {
  all?.setAttribute('aria-expanded', String(yes));
  $('tabs').classList.toggle('open', yes);
}
function mark(chat, yes) {
  document.querySelector(`[role=tab][data-chat="${CSS.escape(chat)}"] .dot`).hidden = !yes;
  if (all) all.querySelector('.dot').hidden = !document.querySelector('[role=tab] .dot:not([hidden])');
}

let current = 'private';
function show(chat) {
  current = chat;
  unfold(false);
  for (const [name, pane] of panes) {
    pane.section.hidden = name !== chat;
    const tab = document.querySelector(`[role=tab][data-chat="${CSS.escape(name)}"]`);
    tab.setAttribute('aria-selected', String(name === chat));
    tab.tabIndex = name === chat ? 0 : -1;
    if (name === chat) mark(name, false);
  }
  history.replaceState(null, '', chat === 'private' ? home : `${home}#${encodeURIComponent(chat)}`);
  composer.at(chat);
  panes.get(chat).toEnd();
  looked(chat);
  $('newest').hidden = true;
}

let stream;
const queue = new Queue(`linli.unsent.${isStaff ? `staff.${me.textContent.trim()}` : as}`, {
  over,
  taken: (item) => item.fields.chat && item.path === '/chat/send' && panes.get(item.fields.chat)?.find(item.fields.id)?.querySelector('.fate')?.replaceChildren(),
  refused: (item, reason) => {
    toast(reason);
    if (item.path === '/chat/send') panes.get(item.fields.chat)?.fail(item.fields.id, reason, (line) => composer.put(line.text));
  },
  slow: toast,
  offline: (yes) => connection('post', yes),
});

function say({ text = '', photos = [], location: spot, reply }) {
  const id = newId();
  const fields = { id, as, chat: current, text, ...(spot ? { location: spot } : {}), ...(reply ? { reply_to: reply.id } : {}) };
  panes.get(current).wait({ key: id, text, photos, location: spot, name: me.selectedOptions[0]?.textContent ?? '我' });
  queue.add({ path: '/chat/send', fields, photos });
}

const composer = new Composer({ say, toast });

function hear(chat, line) {
  const pane = panes.get(chat);
  if (!pane) return;
  if (line.by === 'notice') {
    toast(line.text);
    return;
  }
  const stay = pane.atEnd;
  if (!pane.put(line)) return;
  if (!pane.active) {
    mark(chat, true);
    return;
  }
  looked(chat);
  if (!stay) $('newest').hidden = false;
}

for (const tab of document.querySelectorAll('[role=tab]')) {
  tab.addEventListener('click', () => show(tab.dataset.chat));
  tab.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const names = [...panes.keys()];
    const next = names.at((names.indexOf(tab.dataset.chat) + step) % names.length);
    show(next);
    document.querySelector(`[role=tab][data-chat="${CSS.escape(next)}"]`).focus();
  });
}
all?.addEventListener('click', () => unfold(all.getAttribute('aria-expanded') !== 'true'));
document.addEventListener('keydown', (event) => event.key === 'Escape' && unfold(false));
document.addEventListener('click', (event) => event.target.closest('.bar') || unfold(false));
for (const button of document.querySelectorAll('[data-say]')) {
  button.addEventListener('click', () => {
    show('private');
    say({ text: button.dataset.say });
  });
}
for (const pane of panes.values()) {
  pane.list.addEventListener('scroll', () => {
    if (pane.active && pane.atEnd) $('newest').hidden = true;
  });
}
$('newest').addEventListener('click', () => {
  panes.get(current).toEnd();
  $('newest').hidden = true;
});

const large = (yes) => {
  document.documentElement.dataset.size = yes ? 'large' : 'normal';
  $('large').setAttribute('aria-pressed', String(yes));
  localStorage.setItem('linli.large', yes ? '1' : '');
};
large(Boolean(localStorage.getItem('linli.large')));
$('large').addEventListener('click', () => large(document.documentElement.dataset.size !== 'large'));

async function begin() {
  const cursor = {};
  const read = await Promise.all([...panes.keys()].map((chat) => lines(chat)));
  sessionStorage.removeItem('linli.anew');
  for (const [at, [chat, pane]] of [...panes].entries()) {
    const found = read[at];
    cursor[chat] = found.cursor;
    pane.fill(found.lines, found.lines.length === PAGE);
    for (const { path, fields, photos } of queue.items) {
      if (path === '/chat/send' && fields.chat === chat) pane.wait({ key: fields.id, text: fields.text, photos, location: fields.location });
    }
    const last = Math.max(0, ...pane.lines.keys());
    if (last > (seen[`${as}:${chat}`] ?? last)) mark(chat, true);
  }
  stream = new Stream(as, new URLSearchParams(cursor).toString(), { hear, down: (yes) => connection('stream', yes), lost: () => lines('private').catch(() => {}) });
  const code = new URLSearchParams(location.search).get('start');
  const room = decodeURIComponent(location.hash.slice(1));
  show(!code && panes.has(room) ? room : 'private');
  if (code) open(code);
  else if (!panes.get('private').lines.size) queue.add({ path: '/chat/start', fields: { id: 'first-hello', as } });
  queue.run();
  document.body.dataset.ready = 'yes';
}

async function beginUntilThere(wait = 1_000) {
  try {
    await begin();
    connection('post', false);
  } catch {
    if (!$('over').hidden) return;
    connection('post', true);
    setTimeout(() => beginUntilThere(Math.min(15_000, wait * 2)), wait);
  }
}
beginUntilThere();
