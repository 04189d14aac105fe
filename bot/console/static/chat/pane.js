// One chat on the page: its lines in order, its scroll position, what waits to be sent.

import { draw, when } from './lines.js';

const GAP = 5 * 60_000; // ms of silence after which the time is shown
const NEAR = 120; // px from the bottom within which new lines pull the view along

export class Pane {
  // `act` as in lines.js; `earlier(before)`: fetches older lines
  constructor(section, act, earlier) {
    this.section = section;
    this.chat = section.dataset.chat;
    this.list = section.querySelector('.lines');
    this.act = act;
    this.lines = new Map();
    this.waiting = new Map();
    this.fetchEarlier = earlier;
  }

  get active() {
    return !this.section.hidden;
  }

  get atEnd() {
    return this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < NEAR;
  }

  toEnd() {
    this.list.scrollTop = this.list.scrollHeight;
  }

  // Down to the new line, but of one taller than the view show the beginning: reading starts there.
  follow(line) {
    this.toEnd();
    const made = this.list.querySelector(`[data-id="${line.id}"]`);
    if (line.by === 'bot' && made && made.offsetHeight > this.list.clientHeight - 40) {
      this.list.scrollTop = made.offsetTop - this.list.offsetTop - 8;
    }
  }

  fill(lines, more) {
    this.list.setAttribute('aria-live', 'off'); // history is not news
    for (const line of lines) this.lines.set(line.id, line);
    this.redraw(more);
    this.list.setAttribute('aria-live', 'polite');
  }

  redraw(more) {
    const sorted = [...this.lines.values()].sort((a, b) => a.id - b.id);
    this.list.replaceChildren();
    if (more && sorted.length) this.list.append(this.earlierButton(sorted[0].id));
    this.newest = undefined;
    for (const line of sorted) this.append(line);
    for (const line of this.waiting.values()) this.list.append(this.drawWaiting(line));
  }

  earlierButton(before) {
    const made = document.createElement('button');
    made.type = 'button';
    made.className = 'quiet earlier';
    made.textContent = '更早的消息';
    made.addEventListener('click', async () => {
      made.disabled = true;
      const height = this.list.scrollHeight;
      const { lines } = await this.fetchEarlier(this.chat, before).catch(() => ({}));
      made.disabled = false;
      if (!lines) return;
      this.fill(lines, lines.length > 0);
      this.list.scrollTop = this.list.scrollHeight - height;
    });
    return made;
  }

  append(line) {
    if (!this.newest || new Date(line.at) - new Date(this.newest.at) > GAP) this.list.append(when(line.at));
    this.list.append(draw(line, this.act));
    this.newest = line;
  }

  // A line from the stream, new or changed; the same version again changes nothing.
  put(line) {
    const known = this.lines.get(line.id);
    if (known && known.version >= line.version) return false;
    this.lines.set(line.id, line);
    const stay = this.atEnd;
    if (line.key && this.waiting.has(line.key)) this.settle(line.key);
    if (known) this.replace(line);
    else if (this.newest && line.id < this.newest.id) this.redraw(Boolean(this.list.querySelector('.earlier')));
    else this.insert(line);
    if (stay && this.active) this.follow(line);
    return !known && line.by !== 'me';
  }

  insert(line) {
    this.append(line);
    for (const key of this.waiting.keys()) this.list.append(this.find(key)); // what waits stays last
  }

  replace(line) {
    const made = draw(line, this.act);
    made.classList.add('changed');
    this.list.querySelector(`[data-id="${line.id}"]`)?.replaceWith(made);
  }

  find(key) {
    return this.list.querySelector(`.waiting[data-key="${CSS.escape(key)}"], .failed[data-key="${CSS.escape(key)}"]`);
  }

  wait(line) {
    if ([...this.lines.values()].some((known) => known.key === line.key)) return;
    this.waiting.set(line.key, line);
    this.list.append(this.drawWaiting(line));
    this.toEnd();
  }

  drawWaiting(line) {
    const made = draw({ ...line, by: 'me', fate: line.fate ?? '发送中…' }, this.act);
    made.classList.add('waiting');
    return made;
  }

  settle(key) {
    this.find(key)?.remove();
    this.waiting.delete(key);
  }

  fail(key, reason, again) {
    const made = this.find(key);
    if (!made) return;
    made.classList.replace('waiting', 'failed');
    made.querySelector('.fate').textContent = reason;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'again';
    button.textContent = '改一改再发';
    button.addEventListener('click', () => {
      again(this.waiting.get(key));
      this.settle(key);
    });
    made.querySelector('.part').append(button);
  }
}
