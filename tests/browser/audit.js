// An audit of accessibility: each finding is a sentence; none is what is wanted.
const audit = () => {
  const found = [];
  const say = (what, element) => found.push(what + ': ' + element.outerHTML.slice(0, 120));
  const all = selector => [...document.querySelectorAll(selector)];
  const isShown = element => element.checkVisibility({ visibilityProperty: true });
  const name = element => {
    const labelled = (element.getAttribute('aria-labelledby') ?? '').split(/\s+/).filter(Boolean);
    const texts = labelled.map(id => document.getElementById(id)?.textContent ?? '');
    const labels = [...(element.labels ?? [])].map(label => label.textContent);
    return [...texts, element.getAttribute('aria-label'), ...labels, element.alt, element.textContent].map(text => (text ?? '').trim()).find(Boolean) ?? '';
  };

  for (const element of all('img, svg, [role=img]')) {
    const own = element.getAttribute('aria-label') || (element.getAttribute('aria-labelledby') ?? '').split(' ').map(id => document.getElementById(id)?.textContent ?? '').join('').trim() || element.alt;
    if (!own) say('a picture without a name', element);
    if (element.tagName === 'svg' && element.getAttribute('role') !== 'img') say('a drawing that is no image', element);
  }
  for (const element of all('input, select, textarea')) {
    const labels = [...(element.labels ?? [])].map(label => label.textContent.trim()).join('');
    if (!labels && !element.getAttribute('aria-label')) say('a field without a label', element);
  }
  for (const element of all('a[href], button, summary, [tabindex]')) if (!name(element)) say('a control without a name', element);
  for (const element of all('[tabindex]')) if (element.tabIndex > 0) say('an order of focus of its own', element);
  for (const element of all('button')) {
    const label = element.getAttribute('aria-label');
    if (label && !label.includes(element.textContent.trim())) say('a name without the text that is seen', element);
  }
  for (const page of all('[data-page]')) {
    let last = 0;
    if (page.querySelectorAll('h1').length !== 1) say('not one main heading', page);
    for (const heading of page.querySelectorAll('h1, h2, h3, h4, h5, h6')) {
      const level = Number(heading.tagName[1]);
      if (level > last + 1) say('a heading that skips a level', heading);
      if (!heading.textContent.trim()) say('an empty heading', heading);
      last = level;
    }
  }
  for (const table of all('table')) {
    const heads = [...table.querySelectorAll('th')];
    if (!heads.length) say('a table without headings', table);
    for (const head of heads) {
      if (!head.getAttribute('scope')) say('a heading without scope', head);
      if (!head.textContent.trim()) say('an empty heading of a table', head);
    }
    const columns = table.rows[0].cells.length;
    for (const row of table.rows) if (row.cells.length !== columns) say('a row of another length', row);
  }
  const ids = new Set();
  for (const element of all('[id]')) {
    if (ids.has(element.id)) say('an id that is there twice', element);
    ids.add(element.id);
  }
  for (const attribute of ['aria-labelledby', 'aria-describedby', 'for', 'href']) {
    for (const element of all(`[${attribute}]`)) {
      const value = element.getAttribute(attribute);
      if (attribute === 'href' && !value.startsWith('#')) continue;
      const there = value.replace(/^#/, '').split(/\s+/).every(id => document.getElementById(id));
      if (!there) say(`${attribute} leads nowhere`, element);
    }
  }
  if (!document.documentElement.lang) say('no language', document.documentElement);
  for (const element of all('[lang]')) if (!/^(en|ja)$/.test(element.lang || element.getAttribute('lang'))) say('an unknown language', element);
  if (!document.title.trim()) found.push('no title');
  if (all('main').length !== 1) found.push('not one main landmark');
  for (const child of document.body.children) {
    if (!/^(HEADER|MAIN|FOOTER|NAV|SCRIPT)$/.test(child.tagName) && child.id !== 'findings') say('outside of all landmarks', child);
  }
  for (const element of all('*')) {
    if (!isShown(element)) continue;
    const style = getComputedStyle(element);
    const scrolls = /auto|scroll/.test(style.overflowX) && element.scrollWidth > element.clientWidth + 1;
    if (scrolls && element.tabIndex < 0) say('scrolls, and not by the keyboard', element);
  }

  // Contrast as in WCAG 2.
  const parse = text => { const parts = text.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0]; return parts.length < 4 ? [...parts, 1] : parts; };
  const over = (top, under) => [0, 1, 2].map(i => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const ground = element => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) layers.unshift(parse(getComputedStyle(at).backgroundColor));
    return layers.reduce((under, top) => over(top, under), matchMedia('(prefers-color-scheme: dark)').matches ? [18, 18, 18, 1] : [255, 255, 255, 1]);
  };
  const light = colour => [0.2126, 0.7152, 0.0722].reduce((sum, weight, i) => { const c = colour[i] / 255; return sum + weight * (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4); }, 0);
  let compared = 0;
  const told = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !isShown(element) || /^(SCRIPT|STYLE|title|desc)$/i.test(element.tagName)) continue;
    const style = getComputedStyle(element);
    const isDrawn = element instanceof SVGElement;
    const ink = parse(isDrawn ? style.fill : style.color);
    if (isDrawn && Number(style.fillOpacity) === 0) continue;
    const under = ground(isDrawn ? element.closest('svg').parentElement : element);
    const [one, other] = [light(over(ink, under)), light(under)];
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    const size = parseFloat(style.fontSize);
    // The size of drawn texts is in units of their drawing.
    const least = !isDrawn && (size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700)) ? 3 : 4.5;
    compared += 1;
    const key = `${element.tagName} ${style.color} ${under}`;
    if (contrast < least && !told.has(key)) { told.add(key); say(`a contrast of ${contrast.toFixed(2)}`, element); }
  }
  if (compared < 50) found.push(`only ${compared} texts were compared`);
  return found;
};
