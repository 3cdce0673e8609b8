// Uses the page as a reader does, and writes what came of it into the page.
(async () => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const shown = (selector, within = document) => all(selector, within).filter(element => element.checkVisibility());
  const findings = { hacked: window.hacked ?? null, width: innerWidth, dark: matchMedia('(prefers-color-scheme: dark)').matches };
  const copied = [];
  try {
    Object.defineProperty(navigator, 'clipboard', { value: { writeText: async text => { copied.push(text); } }, configurable: true });
    await document.fonts.ready;
    findings.font = [...document.fonts].map(font => font.status);
    const overflow = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
    findings.overflow = overflow();
    findings.charts = shown('svg').map(svg => { const box = svg.getBoundingClientRect(); return [box.width, box.height]; });
    findings.audit = { en: audit() };

    const state = () => shown('.what-if')[0] && {
      texts: all('td, output', shown('.what-if')[0]).map(cell => cell.textContent),
      says: shown('.what-if output')[0]?.textContent,
    };
    const slide = value => {
      const input = shown('.what-if input')[0];
      input.value = value;
      input.dispatchEvent(new Event('input', { bubbles: true }));
    };
    if (shown('.what-if input').length) {
      findings.at_first = state();
      slide(150);
      findings.at_half = state();
      slide(200);
      findings.at_one = state();
    }

    const table = shown('table.sortable')[0];
    const column = () => [...table.tBodies[0].rows].map(row => Number(row.cells[3].textContent));
    findings.buttons = shown('th button', table).length;
    if (findings.buttons) {
      const head = table.tHead.rows[0].cells[3];
      findings.sorted = [];
      for (let turn = 0; turn < 2; turn += 1) {
        all('button', head)[0].click();
        findings.sorted.push([head.getAttribute('aria-sort'), column()]);
      }
      shown('.copy')[0].click();
      shown('blockquote .copy')[0]?.click();
      await Promise.resolve();
      findings.copied = copied;
    }

    all('#show-ja')[0].click();
    findings.japanese = {
      lang: document.documentElement.lang,
      title: document.title,
      pages: shown('[data-page]').map(page => page.dataset.page),
      charts: shown('svg').map(svg => svg.getAttribute('lang')),
      half: state()?.says ?? null,
      overflow: overflow(),
    };
    for (const details of all('details')) details.open = true;
    findings.audit.ja = audit();
    findings.overflow_open = overflow();
  } catch (error) {
    findings.error = String(error.stack ?? error);
  }
  // The page stands in a frame, whose width can be that of a phone; the window's cannot.
  parent.postMessage(JSON.stringify(findings), '*');
})();
