// Offsets in the text on the page. The server counts code points, the browser UTF-16 units: 😀 is one of those and two
// of these.
export class Places {
  constructor(container) {
    this.nodes = [];
    this.starts = []; // of each text node, in units
    this.text = "";
    const walker = document.createTreeWalker(container, NodeFilter.SHOW_TEXT);
    const parts = [];
    let at = 0;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      this.nodes.push(node);
      this.starts.push(at);
      parts.push(node.data);
      at += node.data.length;
    }
    this.text = parts.join("");
    this.pairs = []; // where a code point takes two units
    for (const match of this.text.matchAll(/[\u{10000}-\u{10ffff}]/gu)) this.pairs.push(match.index);
  }

  // Units of so many code points.
  units(points) {
    let low = 0, high = this.pairs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.pairs[middle] - middle < points) low = middle + 1;
      else high = middle;
    }
    return points + low;
  }

  // Code points of so many units.
  points(units) {
    return units - last(this.pairs, units - 1) - 1;
  }

  range(start, end) {
    const range = document.createRange();
    range.setStart(...this.boundary(start, false));
    range.setEnd(...this.boundary(end, true));
    return range;
  }

  // The text node and the offset in it; where two nodes meet, an end is the end of the former.
  boundary(units, isEnd) {
    const index = Math.max(0, last(this.starts, isEnd ? units - 1 : units));
    return [this.nodes[index], units - this.starts[index]];
  }

  // From where to where, without blanks at the ends and with no cluster of characters cut in two.
  trimmed(start, end) {
    const clusters = globalThis.Intl?.Segmenter && new Intl.Segmenter(undefined, { granularity: "grapheme" });
    if (clusters) {
      const from = Math.max(0, start - 40), segments = clusters.segment(this.text.slice(from, end + 40));
      start = from + (segments.containing(start - from)?.index ?? start - from);
      const cut = end > start && segments.containing(end - from);
      if (cut && from + cut.index < end) end = from + cut.index + cut.segment.length;
    }
    while (start < end && /\s/.test(this.text[start])) start += 1;
    while (end > start && /\s/.test(this.text[end - 1])) end -= 1;
    return start < end ? [start, end] : null;
  }

  // A stretch as one place for each line of the text that it runs over: nobody's words go on over a footnote.
  lines(start, end) {
    const found = [];
    for (const match of this.text.slice(start, end).matchAll(/[^\n]+/g)) {
      const place = this.trimmed(start + match.index, start + match.index + match[0].length);
      if (place) found.push(place);
    }
    return found;
  }
}

// The index of the last number that is not greater; -1 if all are.
function last(numbers, limit) {
  let low = 0, high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
