// Starts the page: what the server offers, then everything that was made.

import { json } from './api.js';
import { startBatches } from './batch.js';
import { formatsOf, modelOf, startChoices } from './choices.js';
import { byId, make } from './dom.js';
import { arrange, more, removeLater, startGallery } from './gallery.js';
import { refresh, reset } from './jobs.js';
import { startKeys } from './keys.js';
import { again, animate, offer, startMake } from './make.js';
import { open, openFromAddress, startViewer } from './viewer.js';

async function start() {
  let models;
  try {
    models = (await json('/v1/models')).data;
  } catch (error) {
    fail(error.message);
    return;
  }
  if (models.length === 0) {
    fail('This server has no model yet.');
    return;
  }
  startMake();
  startChoices(models, offer);
  startViewer({ again, animate, formats: (job) => formatsOf(modelOf(job).capabilities, job.object) });
  startBatches({ open, again, remove: removeLater, closed: arrange });
  await startGallery({ open, again });
  openFromAddress();
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && refresh().catch(() => undefined));
  document.documentElement.dataset.ready = 'true';
}

function fail(message) {
  byId('form-error').replaceChildren(message, ' ', make('button.pill', { type: 'button', click: () => location.reload() }, 'Try again'));
  byId('form-error').hidden = false;
}

// Until everything is there, Enter must not leave the page.
byId('make').addEventListener('submit', (event) => event.preventDefault());
startKeys(() => {
  reset();
  more();
});
start();
