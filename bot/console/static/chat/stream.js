// The live stream of the page: goes on exactly where it stopped, and says when it is down.

export class Stream {
  // `hear(chat, line)`; `down(yes)`
  constructor(as, cursor, { hear, down, lost }) {
    this.as = as;
    this.cursor = cursor;
    this.hear = hear;
    this.down = down;
    this.lost = lost;
    this.fails = 0;
    this.open();
    addEventListener('online', () => this.again());
    addEventListener('pageshow', (event) => event.persisted && this.again());
  }

  open() {
    this.source = new EventSource(`/chat/stream?${new URLSearchParams({ as: this.as, since: this.cursor })}`);
    this.source.addEventListener('open', () => {
      this.fails = 0;
      this.down(false);
    });
    this.source.addEventListener('line', (event) => {
      this.cursor = event.lastEventId;
      const { chat, line } = JSON.parse(event.data);
      this.hear(chat, line);
    });
    this.source.addEventListener('error', () => {
      this.down(true);
      if (this.source.readyState !== EventSource.CLOSED) return; // the browser itself tries again
      this.fails += 1;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => (this.fails > 1 ? this.lost().then(() => this.again()) : this.again()), Math.min(15_000, 500 * 2 ** this.fails));
    });
  }

  // Nobody is signed in any more: it stays shut.
  stop() {
    this.over = true;
    clearTimeout(this.timer);
    this.source.close();
  }

  again() {
    if (this.over) return;
    clearTimeout(this.timer);
    this.source.close();
    this.open();
  }
}
