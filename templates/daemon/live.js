// Keeps the page as the daemon is. Without it, reloading does.
const source = new EventSource('/events');
let asking = false;
let again = false;

const isInUse = (part) =>
  part.contains(document.activeElement) ||
  [...part.querySelectorAll('input:not([type=hidden])')].some((input) => input.value !== input.defaultValue);

async function refresh() {
  if (asking) {
    again = true;
    return;
  }
  asking = true;
  try {
    const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
    if (answer.ok && !answer.redirected) {
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
      for (const part of document.querySelectorAll('[data-live]')) {
        const next = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
        if (next && next.innerHTML !== part.innerHTML && !isInUse(part)) {
          part.replaceWith(document.importNode(next, true));
        }
      }
    }
  } finally {
    asking = false;
    if (again) {
      again = false;
      refresh();
    }
  }
}

source.addEventListener('change', refresh);
source.addEventListener('open', refresh);
