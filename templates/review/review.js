// Tables that can be sorted and searched. Without it, the page can be read and printed all the same.
const value = (row, column) => {
  const cell = row.cells[column];
  return cell.dataset.sort ?? cell.textContent.trim();
};

const order = new Intl.Collator('en', { numeric: true });

function sort(header) {
  const table = header.closest('table');
  const column = header.cellIndex;
  const down = header.getAttribute('aria-sort') === 'ascending';
  for (const other of table.tHead.rows[0].cells) other.removeAttribute('aria-sort');
  header.setAttribute('aria-sort', down ? 'descending' : 'ascending');
  const rows = [...table.tBodies[0].rows];
  rows.sort((one, other) => order.compare(value(one, column), value(other, column)) * (down ? -1 : 1));
  table.tBodies[0].append(...rows);
}

for (const header of document.querySelectorAll('th[data-sortable]')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.append(...header.childNodes);
  button.addEventListener('click', () => sort(header));
  header.append(button);
}

for (const table of document.querySelectorAll('table[data-find]')) {
  const find = document.createElement('p');
  const label = document.createElement('label');
  const input = document.createElement('input');
  find.className = 'find';
  input.type = 'search';
  input.id = `find-${table.id}`;
  label.htmlFor = input.id;
  label.textContent = table.dataset.find;
  input.addEventListener('input', () => {
    const wanted = input.value.trim().toLowerCase();
    for (const row of table.tBodies[0].rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
  });
  find.append(label, input);
  table.closest('.panel').before(find);
}
