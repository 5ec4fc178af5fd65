// Choosing words by keys: by sentence, by paragraph, and word by word at one end.
export class Chooser {
  constructor(places, language) {
    this.places = places;
    this.language = language || undefined;
    this.chosen = null; // from where to where, in units
    this.movesStart = false; // which end goes along with Shift
  }

  clear() {
    this.chosen = null;
    this.movesStart = false;
  }

  // Go by what was chosen otherwise: with a mouse, or by a click somewhere.
  take(start, end) {
    this.chosen = [start, end];
  }

  get sentences() {
    return (this._sentences ??= this.segments("sentence"));
  }

  get paragraphs() {
    return (this._paragraphs ??= this.places.lines(0, this.places.text.length));
  }

  get words() {
    return (this._words ??= this.segments("word"));
  }

  segments(granularity) {
    const { text } = this.places, found = [];
    const segmenter = globalThis.Intl?.Segmenter && new Intl.Segmenter(this.language, { granularity });
    const rough = granularity === "word" ? /[^\s]+/g : /[^\n.!?]+[.!?]*/g; // for a browser that can't tell
    for (const line of text.matchAll(/[^\n]+/g)) {
      const pieces = segmenter
        ? segmenter.segment(line[0])
        : [...line[0].matchAll(rough)].map((match) => ({ index: match.index, segment: match[0], isWordLike: true }));
      for (const { index, segment, isWordLike } of pieces) {
        if (granularity === "word" && !isWordLike) continue;
        const lead = segment.match(index === 0 ? /^\s*(?:[-*•–·]\s+)?/ : /^\s*/)[0].length; // a bullet is nobody's words
        const words = segment.slice(lead).trim();
        const start = line.index + index + lead;
        if (words) found.push([start, start + words.length]);
      }
    }
    return found;
  }

  // The next or the former of some stretches; the one at the place itself if nothing is chosen yet.
  step(stretches, forward, from = 0) {
    if (stretches.length === 0) return;
    const at = this.chosen ? this.chosen[0] : from;
    let index = stretches.findIndex(([, end]) => end > at);
    if (index < 0) index = stretches.length - 1;
    else if (this.chosen) index += forward ? 1 : -1;
    this.chosen = [...stretches[Math.min(Math.max(index, 0), stretches.length - 1)]];
    this.movesStart = false;
  }

  // One end further or back, to the next boundary of some stretches; never over the other end.
  stretch(stretches, forward) {
    if (!this.chosen) return;
    const [start, end] = this.chosen, moving = this.movesStart ? start : end;
    const bounds = stretches.map((stretch) => stretch[this.movesStart ? 0 : 1]);
    const to = forward ? bounds.find((bound) => bound > moving) : bounds.findLast((bound) => bound < moving);
    if (to === undefined) return;
    if (this.movesStart ? to < end : to > start) this.chosen = this.movesStart ? [to, end] : [start, to];
  }

  // What a key means; whether it means anything.
  key(event, from) {
    const forward = event.key === "ArrowDown" || event.key === "ArrowRight";
    if (/^Arrow(Up|Down)$/.test(event.key) && !event.altKey && !event.metaKey) {
      if (event.ctrlKey) this.step(this.paragraphs, forward, from);
      else if (event.shiftKey) this.stretch(this.sentences, forward);
      else this.step(this.sentences, forward, from);
      return true;
    }
    if (/^Arrow(Left|Right)$/.test(event.key) && event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey) {
      this.stretch(this.words, forward);
      return true;
    }
    if (event.key === "o" && this.chosen && !event.ctrlKey && !event.altKey && !event.metaKey) {
      this.movesStart = !this.movesStart;
      return true;
    }
    return false;
  }
}
