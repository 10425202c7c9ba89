// Tables whose column heads sort them.

export function makeSortable(table) {
  const heads = [...table.tHead.rows[0].cells];
  for (const [column, head] of heads.entries()) {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => {
      const numbers = table.tBodies[0].rows[0]?.cells[column].dataset.order !== undefined;
      // Large numbers are asked for first, names from A to Z.
      const next = head.getAttribute('aria-sort') === (numbers ? 'descending' : 'ascending') ? (numbers ? 'ascending' : 'descending') : (numbers ? 'descending' : 'ascending');
      for (const other of heads) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', next);
      sort(table.tBodies[0], column, numbers, next === 'ascending' ? 1 : -1);
    });
  }
}

function sort(body, column, numbers, direction) {
  const key = row => numbers ? row.cells[column].dataset.order : row.cells[column].textContent.trim();
  const compare = (a, b) => {
    if (!numbers) return direction * a.localeCompare(b, 'en', { numeric: true });
    // What has no value comes last either way.
    return a === '' || b === '' ? (a === '') - (b === '') : direction * (a - b);
  };
  body.append(...[...body.rows].sort((a, b) => compare(key(a), key(b))));
}
