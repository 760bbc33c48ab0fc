// Requests to the server. Errors have the API's own words.

import { askForKey, keyHeaders } from './keys.js';

/** A request that the server refused, or that did not reach it. */
export class ApiError extends Error {
  /**
   * @param {string} message for a person
   * @param {object} [about] `status` (0 if there was no response), `code`, `param` and `retryAfter` in seconds
   */
  constructor(message, about = {}) {
    super(message);
    this.status = about.status ?? 0;
    this.code = about.code ?? null;
    this.param = about.param ?? null;
    this.retryAfter = about.retryAfter ?? null;
  }
}

/** The URL of a path of the API, also where a proxy publishes the server under a path of its own. */
export const urlOf = (path) => new URL(`.${path}`, document.baseURI).href;

/**
 * Sends a request. A server that wants a key makes the page ask for one, and the request is sent again.
 * @param {string} path the path and query
 * @param {object} [options] as of fetch, and `background` for what nobody waits for: the user is not asked again who has closed the question
 * @returns {Promise<Response>} a response that is no error
 * @throws {ApiError}
 */
export async function send(path, options = {}) {
  while (true) {
    let response;
    try {
      response = await fetch(urlOf(path), { ...options, headers: { ...options.headers, ...keyHeaders() } });
    } catch (problem) {
      if (options.signal?.aborted) throw problem;
      throw new ApiError('The server cannot be reached. Nothing that you typed is lost.');
    }
    if (response.ok) return response;
    const error = await errorOf(response);
    if (error.status !== 401 || !(await askForKey(error.code === 'missing_api_key' ? null : error.message, options.background))) throw error;
  }
}

/** Sends a request and reads its response as JSON. */
export const json = async (path, options) => (await send(path, options)).json();

/** Posts a JSON body and reads the response as JSON. */
export const post = (path, body, headers = {}) =>
  json(path, { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json', ...headers } });

/**
 * Creates a job. If the response is lost, the same request is sent again; the key makes sure that there is one job.
 * @param {'video'|'image'} kind
 * @param {object} fields the request's fields
 * @param {string} key the idempotency key
 * @param {Blob} [picture] the first frame
 * @param {(error: ApiError) => void} [onWait] is told why it is sent again
 */
export const create = (kind, fields, key, picture, onWait) => repeat(() => createOnce(kind, fields, key, picture), onWait);

/**
 * Creates something of a form, as `create` does.
 * @param {string} path where to
 * @param {object} fields texts, numbers, files and lists of texts; null is left out
 * @param {string} key the idempotency key
 * @param {(error: ApiError) => void} [onWait] is told why it is sent again
 */
export const createOfForm = (path, fields, key, onWait) =>
  repeat(() => json(path, { method: 'POST', body: formOf(fields), headers: { 'Idempotency-Key': key } }), onWait);

async function repeat(send, onWait) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send();
    } catch (error) {
      const mayHelp = error instanceof ApiError && (error.status === 0 || error.status === 429 || error.code === 'idempotency_in_flight');
      if (!mayHelp || attempt === 5) throw error;
      onWait?.(error);
      await new Promise((resolve) => setTimeout(resolve, (error.retryAfter ?? attempt) * 1000));
    }
  }
}

async function createOnce(kind, fields, key, picture) {
  const headers = { 'Idempotency-Key': key };
  if (kind === 'image') {
    const { formats, ...rest } = fields;
    const body = formats ? { ...rest, output_format: formats[0] } : rest;
    return (await post('/v1/images/generations', body, { ...headers, Prefer: 'respond-async' })).data[0];
  }
  if (!picture) return post('/v1/videos', fields, headers);
  return json('/v1/videos', { method: 'POST', body: formOf({ ...fields, input_reference: picture }), headers });
}

function formOf(fields) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (value == null) continue;
    if (Array.isArray(value)) value.forEach((item) => form.append(`${name}[]`, item));
    else if (value instanceof Blob) form.append(name, value, value.name ?? 'picture.png');
    else if (typeof value === 'object') Object.entries(value).forEach(([part, item]) => form.append(`${name}[${part}]`, item));
    else form.append(name, value);
  }
  return form;
}

/** A new idempotency key. Browsers give pages random UUIDs only over https and on localhost. */
export const newKey = () => crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(16)).join('-');

const places = { video: 'videos', image: 'images', edit: 'images/edits', session: 'edits' };

/** The path of a job or a session of edits: its kind is the beginning of its id. */
export const pathOf = (id) => `/v1/${places[id.slice(0, id.indexOf('_'))] ?? 'videos'}/${encodeURIComponent(id)}`;

async function errorOf(response) {
  const about = { status: response.status, retryAfter: Number(response.headers.get('Retry-After')) || null };
  try {
    const { error } = await response.json();
    const message = error.code === 'body_too_long' ? `That is too large: ${inMegabytes(error.message)}` : error.message;
    return new ApiError(message, { ...about, code: error.code, param: error.param });
  } catch {
    return new ApiError(`The server responded with ${response.status}.`, about);
  }
}

// "The body is too long: at most 33554432 bytes are accepted."
const inMegabytes = (message) => message.replace(/^.*: /, '').replace(/(\d+) bytes/, (_, bytes) => `${Math.floor(bytes / 1_048_576)} MB`);
