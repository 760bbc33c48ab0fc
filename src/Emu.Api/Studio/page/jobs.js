// Every job that the page knows, newest first, and edited pictures among them. Jobs that have not ended are followed.

import { create, json, newKey, pathOf, send } from './api.js';
import { follow } from './events.js';

const pageSize = 24;
// Browsers open six connections to a server; some must stay free for everything else.
const mostStreams = 2;
const pollInterval = 3000;

const jobs = new Map();
const listeners = new Set();
const streams = new Map();
const cursors = { videos: newCursor(), images: newCursor() };
let polling = 0;

/** Shows edited pictures among the jobs, on a server that can edit. */
export function includeEdits() {
  cursors.edits = newCursor();
  cursors['images/edits'] = newCursor();
}

/** Whether a job has not ended. */
export const isActive = (job) => job.status === 'queued' || job.status === 'in_progress';

/** Calls back for every job that is new, has changed or is gone (`job.deleted`). */
export const onJob = (listener) => listeners.add(listener);

/** A job by its id. */
export const jobOf = (id) => jobs.get(id);

/** Every job that has been loaded, newest first. */
export const allJobs = () => [...jobs.values()].sort((one, other) => orderOf(other).localeCompare(orderOf(one)));

/** Whether older jobs are left on the server. */
export const hasMore = () => Object.values(cursors).some((cursor) => cursor.more);

/** Takes a job in, or its newer state. */
export function accept(job) {
  if (job.deleted) jobs.delete(job.id);
  else jobs.set(job.id, job);
  for (const listener of listeners) listener(job);
  followSome();
}

/** Loads the next older jobs of every kind. Those of one kind may reach further back than the other's for a while. */
export async function loadMore() {
  // The kind whose loaded jobs end first is the one of which the next job may be missing.
  const open = Object.entries(cursors).filter(([, cursor]) => cursor.more);
  const newest = open.map(([, cursor]) => cursor.after).filter(Boolean).map(timeOf).sort().at(-1);
  const due = open.filter(([, cursor]) => !cursor.after || timeOf(cursor.after) === newest);
  await Promise.all(due.map(([kind, cursor]) => loadPage(kind, cursor)));
}

/** The oldest moment down to which every kind is loaded: what is older is shown only after more is loaded. */
export function isLoadedDownTo(job) {
  return Object.values(cursors).every((cursor) => !cursor.more || (cursor.after !== null && timeOf(cursor.after) <= orderOf(job)));
}

/** Forgets every job: they belong to another key. */
export function reset() {
  for (const controller of streams.values()) controller.abort();
  streams.clear();
  for (const cursor of Object.values(cursors)) Object.assign(cursor, newCursor());
  for (const id of [...jobs.keys()]) accept({ id, deleted: true });
}

/** Looks for jobs that were made or deleted elsewhere: another page, a program, a watched folder. */
export async function refresh() {
  await Promise.all(Object.keys(cursors).map(async (kind) => {
    const known = allJobs().filter(({ id }) => pathOf(id) === `/v1/${kind}/${id}`);
    const page = await json(`/v1/${kind}?limit=${pageSize}`, { background: true });
    const ids = new Set(page.data.map((job) => job.id));
    acceptAll(page);
    const isCovered = (job) => !page.has_more || orderOf(job) > timeOf(page.last_id);
    for (const job of known) if (!ids.has(job.id) && isCovered(job)) accept({ id: job.id, deleted: true });
  }));
}

/**
 * Creates a job and variants of it, which take the seeds that follow its own.
 * @param {'video'|'image'} kind
 * @param {object} fields the request's fields
 * @param {File|null} picture the first frame
 * @param {number} count how many
 * @param {(error: ApiError|null) => void} tell is told why one is sent again, and null when it was taken
 */
export async function createVariants(kind, fields, picture, count, tell) {
  let { seed } = fields;
  for (let index = 0; index < count; index++) {
    const request = index === 0 ? fields : { ...fields, seed: seed + index };
    const job = await create(kind, request, newKey(), picture, tell);
    tell(null);
    seed ??= job.seed;
    accept(job);
  }
}

/** Cancels a job. */
export async function cancel(id) {
  accept(await json(`${pathOf(id)}/cancel`, { method: 'POST' }));
}

/** Deletes a job on the server. */
export async function remove(id, options = {}) {
  await send(pathOf(id), { method: 'DELETE', ...options });
  streams.get(id)?.abort();
  accept({ id, deleted: true });
}

function newCursor() {
  return { more: true, after: null };
}

const timeOf = (id) => id.slice(id.indexOf('_') + 1);
const orderOf = (job) => timeOf(job.id);

async function loadPage(kind, cursor) {
  const after = cursor.after ? `&after=${encodeURIComponent(cursor.after)}` : '';
  const page = await json(`/v1/${kind}?limit=${pageSize}${after}`);
  cursor.more = page.has_more;
  cursor.after = page.last_id ?? cursor.after;
  acceptAll(page);
}

// What makes a version is shown as its session.
function acceptAll({ data }) {
  data.filter((job) => !job.session_id).map(jobLike).forEach(accept);
}

/** A session of edits as the grid shows it: its current version, under its last instruction. Anything else stays as it is. */
export function jobLike(session) {
  if (session.object !== 'edit.session') return session;
  const versionOf = (number) => session.versions.find((version) => version.version === number);
  let current = versionOf(session.current);
  while (current.status !== 'completed') current = versionOf(current.from);
  return {
    ...session,
    status: 'completed',
    prompt: current.instructions.join(', ') || 'A picture to edit',
    files: `${pathOf(session.id)}/versions/${current.version}`,
    formats: [current.variants[0]],
    variants: current.variants,
    warnings: [],
  };
}

// The oldest jobs are the next to be worked on: they are followed; the others are asked for now and then.
function followSome() {
  const active = allJobs().filter(isActive).reverse();
  for (const [id, controller] of streams) {
    const job = jobs.get(id);
    if (!job || !isActive(job)) {
      streams.delete(id);
      controller.abort();
    }
  }
  for (const job of active) {
    if (streams.size >= mostStreams) break;
    if (!streams.has(job.id)) open(job.id);
  }
  if (active.length > streams.size && !polling) polling = setTimeout(poll, pollInterval);
}

function open(id) {
  const controller = new AbortController();
  streams.set(id, controller);
  follow(pathOf(id), (job) => accept(job ?? { id, deleted: true }), controller.signal).catch(() => undefined).finally(() => {
    if (streams.get(id) !== controller) return;
    streams.delete(id);
    // The stream was refused, perhaps for want of a key: it is tried again later.
    if (jobs.has(id) && isActive(jobs.get(id))) polling ||= setTimeout(poll, pollInterval);
  });
}

async function poll() {
  const waiting = allJobs().filter((job) => isActive(job) && !streams.has(job.id));
  for (const job of waiting.slice(-10)) {
    try {
      accept(await json(pathOf(job.id), { background: true }));
    } catch (error) {
      if (error.status === 404) accept({ id: job.id, deleted: true });
    }
  }
  polling = 0;
  followSome();
}
