// What was said but not yet taken by the server: kept in the browser, sent in order, tried again with the same id.

const DROP_PRESS_AFTER = 120_000; // ms: nobody waits longer for the effect of a tap

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

function formOf(item) {
  const fields = JSON.stringify(item.fields);
  if (!item.photos?.length) return { body: fields, headers: { 'content-type': 'application/json' } };
  const form = new FormData();
  form.set('message', fields);
  item.photos.forEach((url, i) => form.append('photos', bytesOf(url), `${i}.jpg`));
  return { body: form, headers: {} };
}

function bytesOf(url) {
  const [head, data] = url.split(',');
  const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
  return new Blob([bytes], { type: head.slice(5, head.indexOf(';')) });
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export class Queue {
  // `tell`: { taken(item), refused(item, reason), slow(reason), offline(yes), over() }
  constructor(name, tell) {
    this.name = name;
    this.tell = tell;
    this.items = this.read();
    this.busy = false;
    addEventListener('online', () => this.wake?.());
  }

  // What is left waits in the browser for the same person's next visit.
  stop() {
    this.stopped = true;
  }

  // Each under a name of its own: two windows of one person leave each other's alone.
  nameOf(item) {
    return `${this.name}|${item.fields.id}`;
  }

  read() {
    const mine = Object.keys(localStorage).filter((name) => name.startsWith(`${this.name}|`));
    return mine.map((name) => parsed(localStorage.getItem(name))).filter(Boolean).sort((a, b) => a.since - b.since);
  }

  add(item) {
    const said = { ...item, since: Date.now() };
    this.items.push(said);
    try {
      localStorage.setItem(this.nameOf(said), JSON.stringify(said));
    } catch { /* full, or private mode: it lives as long as the page */ }
    this.run();
  }

  drop(item) {
    this.items = this.items.filter((other) => other !== item);
    localStorage.removeItem(this.nameOf(item));
  }

  async run() {
    if (this.busy) return;
    this.busy = true;
    for (let tries = 0; this.items.length && !this.stopped;) {
      const item = this.items[0];
      if (item.path === '/chat/press' && Date.now() - item.since > DROP_PRESS_AFTER) {
        this.drop(item);
        continue;
      }
      const wait = await this.post(item, tries);
      if (!wait) {
        tries = 0;
        continue;
      }
      tries += 1;
      await Promise.race([pause(wait), new Promise((done) => { this.wake = done; })]);
    }
    this.busy = false;
  }

  // Milliseconds to wait before trying again; 0 when the item is dealt with.
  async post(item, tries) {
    let answer;
    try {
      const { body, headers } = formOf(item);
      answer = await fetch(item.path, { method: 'POST', body, headers: { ...headers, 'x-linli': '1' } });
    } catch {
      this.tell.offline(true);
      return Math.min(15_000, 1_000 * 2 ** tries);
    }
    this.tell.offline(false);
    if (answer.ok) {
      this.drop(item);
      this.tell.taken(item);
      return 0;
    }
    return this.refused(item, answer, tries);
  }

  async refused(item, answer, tries) {
    const { error } = await answer.json().catch(() => ({}));
    if (answer.status === 401) {
      this.tell.over();
      return 15_000;
    }
    if (answer.status === 429 || answer.status >= 500) {
      if (error && !tries) this.tell.slow(error);
      return Math.max(1_000 * Number(answer.headers.get('retry-after') ?? 0), Math.min(15_000, 1_000 * 2 ** tries));
    }
    this.drop(item);
    this.tell.refused(item, error || '没有发出去。');
    return 0;
  }
}
