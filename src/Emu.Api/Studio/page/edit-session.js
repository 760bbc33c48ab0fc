// A session of edits as the server has it: a picture and its versions. The version that is being made is followed.

import { createOfForm, json, newKey, pathOf, post } from './api.js';
import { editModelField } from './choices.js';
import { follow } from './events.js';
import { accept, isActive, jobLike } from './jobs.js';

/** Whether somebody wanted a version no longer. */
export const isCancelled = (version) => ['cancelled', 'deleted'].includes(version.error?.code);

/** A version's name. */
export const nameOf = (version) => (version.version === 1 ? 'Original' : `Version ${version.version}`);

/** What a version was made by. */
export const wordsOfVersion = (version) => version.instructions.join(', ');

/** A version as other modules know jobs: its files, and the job that made it. */
export const jobOfVersion = (version) => ({
  ...version,
  id: version.job_id ?? version.session_id,
  object: 'edit',
  prompt: wordsOfVersion(version) || 'picture',
  formats: [version.variants[0]],
  files: pathOfVersion(version),
});

/** A version's path. */
export const pathOfVersion = (version) => `${pathOf(version.session_id)}/versions/${version.version}`;

/** A session. */
export class EditSession {
  #data;
  #onChange;
  #onGone;
  #following = 0;
  #controller = new AbortController();

  /**
   * @param {object} data as the server sent it
   * @param {(ended: object|null) => void} onChange is called after every change, with the version that has ended just now, if any
   * @param {() => void} onGone is called when it was deleted
   */
  constructor(data, onChange, onGone) {
    this.#onChange = onChange;
    this.#onGone = onGone;
    this.#data = data;
  }

  /** Begins to follow it. */
  start() {
    this.#take(this.#data);
  }

  /** The session as the server sent it last. */
  get data() {
    return this.#data;
  }

  get id() {
    return this.#data.id;
  }

  /** The number of the version that was made or returned to last. */
  get current() {
    return this.#data.current;
  }

  /** Every version, the oldest first. */
  get versions() {
    return this.#data.versions;
  }

  /** The versions that are worth a picture: those that are there, and those that are being made. */
  get shown() {
    return this.versions.filter((version) => version.status !== 'failed');
  }

  /** A version by its number. */
  version(number) {
    return this.versions.find((version) => version.version === number);
  }

  /**
   * Makes another version.
   * @param {number} from the version that it is made of
   * @param {object} fields `instruction`; the files `mask`, white where the picture is to be edited, and `background`, each of which may be null
   * @param {(error: ApiError) => void} onWait is told why it is sent again
   */
  async add(from, fields, onWait) {
    const version = await createOfForm(`${pathOf(this.id)}/versions`, { from, ...fields, model: editModelField() }, newKey(), onWait);
    if (isActive(version)) this.#takeVersion(version);
    else await this.refresh();
    return version;
  }

  /** Goes back to the version that the current one was made of. */
  async undo() {
    this.#take(await post(`${pathOf(this.id)}/undo`, {}));
  }

  /** Ends the making of a version. */
  async cancel(version) {
    await json(`${pathOf(version.job_id)}/cancel`, { method: 'POST' });
    await this.refresh();
  }

  /** Asks for what has changed elsewhere. */
  async refresh() {
    try {
      const data = await json(pathOf(this.id));
      if (!this.#controller.signal.aborted) this.#take(data);
    } catch (error) {
      if (error.status !== 404) throw error;
      this.#gone();
    }
  }

  /** Follows it no longer. */
  close() {
    this.#controller.abort();
  }

  #take(data) {
    const before = this.#data;
    // What was asked for before a version was added may arrive after it. No version ever goes.
    if (data.versions.length < before.versions.length) return;
    this.#data = data;
    accept(jobLike(data));
    const hadEnded = (version) => before.versions.some((other) => other.version === version.version && !isActive(other));
    const ended = data.versions.filter((version) => !isActive(version) && !hadEnded(version));
    // Another tab or program may have made one at the same time.
    for (const version of ended) this.#onChange(version);
    if (ended.length === 0) this.#onChange(null);
    this.#follow();
  }

  #takeVersion(version) {
    const others = this.versions.filter((other) => other.version !== version.version);
    const versions = [...others, version].sort((one, other) => one.version - other.version);
    this.#data = { ...this.#data, versions };
    this.#onChange(null);
    this.#follow();
  }

  // One at a time, as browsers open few connections to a server.
  async #follow() {
    const version = this.versions.find(isActive);
    const { signal } = this.#controller;
    if (!version || this.#following || signal.aborted) return;
    this.#following = version.version;
    try {
      await follow(pathOfVersion(version), (state) => {
        if (!state || state.deleted) this.#gone();
        else if (isActive(state)) this.#takeVersion(state);
      }, signal);
    } catch {
      // Whatever ended the stream: the session is asked for as it is now.
    }
    this.#following = 0;
    if (!signal.aborted) await this.refresh().catch(() => setTimeout(() => this.#follow(), 3000));
  }

  #gone() {
    if (this.#controller.signal.aborted) return;
    this.close();
    accept({ id: this.id, deleted: true });
    this.#onGone();
  }
}
