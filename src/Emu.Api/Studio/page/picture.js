// The picture that a clip begins from, or that is edited: dropped, pasted or picked.

import { byId } from './dom.js';
import { toast } from './toast.js';

let picture = null;
let accepted = true;
let listener = () => undefined;
let onText = () => undefined;
let onJobDropped = () => undefined;
let onEdit = () => false;

/** The picture, or null. */
export const currentPicture = () => picture;

/** Says whether pictures are taken at all. */
export function acceptPictures(value) {
  accepted = value;
}

/** Takes a picture, or none (null). */
export function usePicture(file) {
  const image = byId('first-image');
  if (image.src) URL.revokeObjectURL(image.src);
  picture = file;
  byId('first').hidden = !file;
  byId('first-name').textContent = file?.name ?? '';
  if (file) image.src = URL.createObjectURL(file);
  else {
    image.removeAttribute('src');
    byId('file').value = '';
  }
  listener(file);
}

/**
 * Listens for pictures, and for lists of prompts that come in the same ways.
 * @param {object} handlers `onPicture(file or null)`, `onText(text)` for dropped text files, `onJob(id)` for a tile of this page,
 *   and `onEdit(file)`, which says whether it has taken a picture to edit it
 */
export function startPicture(handlers) {
  listener = handlers.onPicture;
  onText = handlers.onText;
  onJobDropped = handlers.onJob;
  onEdit = handlers.onEdit;
  byId('pick').addEventListener('click', () => byId('file').click());
  byId('file').addEventListener('change', (event) => take(event.target.files));
  byId('first-remove').addEventListener('click', () => {
    usePicture(null);
    byId('pick').focus();
  });
  document.addEventListener('paste', (event) => {
    // Text that was copied in an office program comes with a picture of itself.
    if (event.clipboardData.files.length > 0 && !event.clipboardData.getData('text/plain')) {
      event.preventDefault();
      take(event.clipboardData.files);
    }
  });
  listenForDrops();
}

function listenForDrops() {
  let depth = 0;
  const show = (value) => {
    byId('drop').hidden = !value;
    byId('drop-words').textContent = document.body.classList.contains('editing') ? 'Drop the picture that comes behind' : 'Drop the picture, or a list of prompts';
  };
  const isWanted = (event) => event.dataTransfer.types.includes('Files') || event.dataTransfer.types.includes('application/x-emu-job');
  document.addEventListener('dragenter', (event) => isWanted(event) && (depth++, show(event.dataTransfer.types.includes('Files'))));
  document.addEventListener('dragleave', (event) => isWanted(event) && --depth <= 0 && (depth = 0, show(false)));
  document.addEventListener('dragover', (event) => isWanted(event) && event.preventDefault());
  document.addEventListener('drop', (event) => {
    if (!isWanted(event)) return;
    event.preventDefault();
    depth = 0;
    show(false);
    const job = event.dataTransfer.getData('application/x-emu-job');
    if (job && event.target.closest?.('#make')) onJobDropped(job);
    else if (!job) take(event.dataTransfer.files);
  });
}

async function take(files) {
  const file = [...files].find((candidate) => candidate.type.startsWith('image/')) ?? files[0];
  if (!file) return;
  if (files.length > 1) toast(`One file at a time: ${file.name} was taken.`);
  if (file.type.startsWith('text/') || /\.(txt|csv)$/i.test(file.name)) onText(await file.text());
  else if (onEdit(file)) byId('file').value = '';
  else if (!accepted) toast('The chosen model does not begin from pictures.');
  else usePicture(file);
}
