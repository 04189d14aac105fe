// Where the visitor writes: text, photos, a place, a reply.

import { shrink } from './photos.js';

const $ = (id) => document.getElementById(id);
const MOST_PHOTOS = 3;

export class Composer {
  // `say({ text, photos, location, reply })`, `toast(text)`
  constructor({ say, toast }) {
    this.say = say;
    this.toast = toast;
    this.photos = [];
    this.text = $('text');
    this.text.addEventListener('input', () => this.grow());
    this.text.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return; // 229: an input method at work
      event.preventDefault();
      this.submit();
    });
    $('write').addEventListener('submit', (event) => {
      event.preventDefault();
      this.submit();
    });
    $('photo').addEventListener('click', () => $('file').click());
    $('file').addEventListener('change', () => this.take([...$('file').files]));
    $('place').addEventListener('click', () => this.locate());
    $('call').addEventListener('click', () => this.put(`@小邻 ${this.text.value.replace(/^@小邻\s*/, '')}`));
    $('reply').querySelector('button').addEventListener('click', () => this.reply(null));
  }

  at(chat) {
    const inPrivate = chat === 'private';
    $('chips').hidden = !inPrivate || $('chips').dataset.empty === 'yes';
    $('place').hidden = !inPrivate;
    $('call').hidden = inPrivate;
    this.text.placeholder = inPrivate ? '说说您的事…' : '在群里说…';
    this.reply(null);
  }

  put(text) {
    this.text.value = text;
    this.grow();
    this.text.focus();
  }

  grow() {
    this.text.style.height = 'auto';
    this.text.style.height = `${this.text.scrollHeight + 3}px`;
  }

  submit() {
    const text = this.text.value;
    if (!text.trim() && !this.photos.length) {
      this.text.focus();
      return;
    }
    this.say({ text, photos: this.photos, reply: this.answered });
    this.photos = [];
    this.thumbs();
    this.reply(null);
    this.put('');
  }

  reply(line) {
    this.answered = line;
    $('reply').hidden = !line;
    if (!line) return;
    $('reply').querySelector('span').textContent = `回复 ${line.name || '小邻'}：${line.text ?? ''}`;
    this.text.focus();
  }

  async take(files) {
    $('file').value = '';
    for (const file of files) {
      if (this.photos.length === MOST_PHOTOS) {
        this.toast(`一次最多发 ${MOST_PHOTOS} 张照片。`);
        break;
      }
      this.photos.push(await shrink(file));
      this.thumbs();
    }
    this.text.focus();
  }

  thumbs() {
    $('thumbs').hidden = !this.photos.length;
    $('thumbs').replaceChildren(...this.photos.map((url, i) => {
      const figure = document.createElement('figure');
      const image = document.createElement('img');
      image.src = url;
      image.alt = `第 ${i + 1} 张照片`;
      const gone = document.createElement('button');
      gone.type = 'button';
      gone.textContent = '×';
      gone.setAttribute('aria-label', `去掉第 ${i + 1} 张照片`);
      gone.addEventListener('click', () => {
        this.photos.splice(i, 1);
        this.thumbs();
      });
      figure.append(image, gone);
      return figure;
    }));
  }

  locate() {
    const failed = () => this.toast('没能取到位置，打字说一下在哪里就行。');
    if (!navigator.geolocation) {
      failed();
      return;
    }
    const round = (x) => Math.round(x * 1e5) / 1e5; // a metre is enough
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => this.say({ location: [round(coords.latitude), round(coords.longitude)] }),
      failed,
      { timeout: 8_000, maximumAge: 60_000 },
    );
  }
}
