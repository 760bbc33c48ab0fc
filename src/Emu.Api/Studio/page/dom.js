// Makes and finds elements. Text is always set as text, never as markup.

const svgNamespace = 'http://www.w3.org/2000/svg';

/** The element with that id. */
export const byId = (id) => document.getElementById(id);

/**
 * Makes an element.
 * @param {string} tag its tag, with classes after dots: `button.pill`
 * @param {object} [attributes] attributes; functions are event listeners, `true` is an empty attribute, `false` and null are left out
 * @param {...(Node|string|null)} children its content; null is left out
 */
export function make(tag, attributes = {}, ...children) {
  const [name, ...classes] = tag.split('.');
  const element = document.createElement(name);
  element.classList.add(...classes);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(key, value);
    else if (value === true) element.setAttribute(key, '');
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

/** Makes one of the icons that index.html defines. */
export function icon(name) {
  const svg = document.createElementNS(svgNamespace, 'svg');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(svgNamespace, 'use');
  use.setAttribute('href', `#i-${name}`);
  svg.append(use);
  return svg;
}

/** Shows a text in an element, or hides the element if there is none. */
export function showText(element, text) {
  element.textContent = text ?? '';
  element.hidden = !text;
}

/** Tells screen readers something that is seen elsewhere. */
export function announce(text) {
  byId('announcer').textContent = text;
}

/** Whether the user wants less motion. */
export const prefersStill = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** Whether the focus is where typed keys are text. */
export function isTyping() {
  const { activeElement } = document;
  return activeElement instanceof HTMLTextAreaElement || activeElement instanceof HTMLSelectElement
    || (activeElement instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'range'].includes(activeElement.type));
}
