'use strict';
(() => {
  const data = JSON.parse(document.getElementById('numbers').textContent);
  const words = element => data.words[element.closest('[lang][data-page]').dataset.page];
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // The language that is shown is that of the document.
  const show = () => {
    const japanese = document.getElementById('show-ja');
    // A page of one language has no switch.
    if (!japanese) return;
    const lang = japanese.checked ? 'ja' : 'en';
    document.documentElement.lang = lang;
    document.title = data.words[lang].title;
    if (!CSS.supports('selector(:has(*))')) {
      for (const page of all('[data-page]')) page.hidden = page.dataset.page !== lang;
    }
  };
  for (const input of all('input[name=lang]')) input.addEventListener('change', show);
  show();

  // r: every number that appears was written into the page; here it is only looked up. The values of all steps are one
  // text, in which a value that is as the one before is left out.
  const values = text => { let last; return text.split('|').map(own => (last = own || last)); };
  const unpacked = id => {
    const of = data.contrasts[id];
    if (typeof of.p === 'string') for (const name of ['lower', 'upper', 'p', 'dz']) of[name] = values(of[name]);
    return of;
  };
  const move = step => {
    for (const input of all('.what-if input')) {
      const box = input.closest('.what-if');
      const say = words(box);
      input.value = step;
      input.setAttribute('aria-valuetext', 'r = ' + data.r[step]);
      const told = [];
      for (const row of all('[data-contrast]', box)) {
        const of = unpacked(row.dataset.contrast);
        for (const cell of all('[data-of]', row)) cell.textContent = of[cell.dataset.of][step];
        const can = all('.can', row)[0];
        const is = of.possible && of.possible[0] <= step && step <= of.possible[1];
        can.textContent = is === null ? say.unknown : is ? say.possible : say.impossible + of.range;
        can.classList.toggle('no', is === false);
        told.push(row.cells[0].textContent + ': p ' + of.p[step] + (is === false ? ' (' + can.textContent + ')' : ''));
      }
      all('output', box)[0].textContent = 'r = ' + data.r[step] + '; ' + told.join('; ');
    }
  };
  for (const input of all('.what-if input')) {
    input.addEventListener('input', () => move(Number(input.value)));
    all('.control', input.closest('.what-if'))[0].hidden = false;
  }

  const copied = async (button, text) => {
    const say = words(button);
    if (button.textContent === say.copied) return;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Pages opened from a file may lack the clipboard.
      const area = document.createElement('textarea');
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand('copy');
      area.remove();
    }
    const name = button.getAttribute('aria-label');
    button.textContent = say.copied;
    button.setAttribute('aria-label', say.copied);
    setTimeout(() => {
      button.textContent = say.copy;
      button.setAttribute('aria-label', name);
    }, 1500);
  };
  const button = (label, name, act) => {
    const made = document.createElement('button');
    made.type = 'button';
    made.className = 'copy';
    made.textContent = label;
    made.setAttribute('aria-label', name);
    made.addEventListener('click', () => act(made));
    return made;
  };
  for (const quote of all('blockquote')) {
    const say = words(quote);
    const text = quote.textContent.trim();
    quote.append(' ', button(say.copy, say.copy + ': ' + text.slice(0, 40), made => copied(made, text)));
  }

  // What a field is sorted by: the number at its start, or its text.
  const key = cell => {
    const text = cell.textContent.trim();
    const number = text.replace(/−/g, '-').replace(/(\d),(?=\d{3})/g, '$1').replace(/^[<>≥≤=×r\s]+/, '').match(/^-?\d+(\.\d+)?(e-?\d+)?/);
    return number ? { number: Number(number[0]), text } : { number: null, text };
  };
  // A field without a number stays below those with one, in either direction.
  const compare = (a, b, direction) => {
    if ((a.number === null) !== (b.number === null)) return a.number === null ? 1 : -1;
    return direction * (a.number - b.number || a.text.localeCompare(b.text));
  };
  for (const table of all('table.data')) {
    const say = words(table);
    const heads = all('thead th', table);
    const body = table.tBodies[0];
    const tsv = () => all('tr', table).map(row => [...row.cells].map(cell => cell.textContent.trim().replace(/\s+/g, ' ')).join('\t')).join('\n');
    table.closest('.scroll').after(button(say.copy, say.copyTable, made => copied(made, tsv())));
    // A row that goes on with the one above it would be torn from it.
    if (!table.classList.contains('sortable')) continue;
    heads.forEach(head => {
      if (!head.textContent.trim() || body.rows.length < 2) return;
      const made = document.createElement('button');
      made.type = 'button';
      made.append(...head.childNodes);
      head.append(made);
      made.addEventListener('click', () => {
        const down = head.getAttribute('aria-sort') === 'ascending';
        heads.forEach(other => other.removeAttribute('aria-sort'));
        head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
        const rows = [...body.rows].map(row => ({ row, key: key(row.cells[head.cellIndex]) }));
        rows.sort((a, b) => compare(a.key, b.key, down ? -1 : 1));
        body.append(...rows.map(({ row }) => row));
      });
    });
  }

  // What is folded is printed too.
  let folded = [];
  addEventListener('beforeprint', () => { folded = all('details:not([open])'); folded.forEach(one => { one.open = true; }); });
  addEventListener('afterprint', () => { folded.forEach(one => { one.open = false; }); });
})();
