// What the server refused, in its words, beside the form's field that caused it.

import { showSettings } from './choices.js';
import { byId, showText } from './dom.js';

const fieldNames = { 'n': 'variants', 'output_format': 'formats', 'input_reference.image_url': 'input_reference', 'image': 'input_reference', 'instruction': 'prompt' };

/** Shows what the server refused beside the field that it names; null takes it away. */
export function showProblem(error) {
  for (const place of byId('make').querySelectorAll('.error')) showText(place, null);
  for (const control of byId('make').querySelectorAll('[aria-invalid]')) control.removeAttribute('aria-invalid');
  if (!error) return;
  const name = fieldNames[error.param] ?? error.param;
  const place = name && byId(`${name}-error`);
  showText(place || byId('form-error'), error.message);
  const control = byId(`set-${name}`) ?? { prompt: byId('prompt'), input_reference: byId('pick') }[name];
  if (!place || !control) return;
  if (place.closest('#fields')) showSettings(true);
  if (place.closest('details')) place.closest('details').open = true;
  control.setAttribute('aria-invalid', 'true');
  control.focus();
}
