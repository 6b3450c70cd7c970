/**
 * The tablet's journal in the browser's database. One transaction a step: the entry, what belongs to it, and
 * what it makes needless. What the texts say is the module's business; here they are only kept.
 *
 * Store `journal`: the entries under their numbers, the last whole state under `whole`, the number of the last
 * entry under `head`. Store `reports`: sealed reports under their names.
 */

const NAME = "anxin";
const VERSION = 1;

/** @typedef {{ entry: string, whole: string | null, hold: [string, string] | null, drop: string[] }} Step */

/** An error of a name for which the page has words. @param {string} name @param {unknown} cause */
const failed = (name, cause) => Object.assign(new Error(`${cause}`), { name });

/** @param {unknown} e */
const named = (e) => failed(/** @type {any} */ (e)?.name === "QuotaExceededError" ? "StorageFull" : "StorageLost", e);

/** @type {Promise<IDBDatabase> | undefined} */
let opening;

/** The database; opened again if the browser has closed it. @returns {Promise<IDBDatabase>} */
const database = () => opening ??= new Promise((resolve, reject) => {
  const request = indexedDB.open(NAME, VERSION); // where it is denied, some engines throw here
  request.onupgradeneeded = () => {
    request.result.createObjectStore("journal");
    request.result.createObjectStore("reports");
  };
  request.onsuccess = () => {
    const db = request.result;
    db.onclose = () => { opening = undefined; };
    // a newer page wants to change the shape: it must not wait for us
    db.onversionchange = () => {
      db.close();
      opening = undefined;
    };
    resolve(db);
  };
  request.onblocked = () => reject(failed("StorageBlocked", "an older page is open in another tab"));
  request.onerror = () => reject(failed("StorageDenied", request.error));
}).catch((e) => {
  opening = undefined;
  throw e.name?.startsWith("Storage") ? e : failed("StorageDenied", e);
});

/** @template T @param {IDBTransactionMode} mode @param {(stores: { journal: IDBObjectStore, reports: IDBObjectStore }, give: (value: T) => void) => void} work @returns {Promise<T>} */
async function transaction(mode, work) {
  let db = await database();
  /** @type {IDBTransaction} */
  let doing;
  try {
    doing = begin(db, mode);
  } catch {
    opening = undefined; // closed under our hands
    db = await database();
    doing = begin(db, mode);
  }
  return new Promise((resolve, reject) => {
    /** @type {T} */
    let result;
    doing.oncomplete = () => resolve(result);
    doing.onabort = () => reject(named(doing.error));
    work({ journal: doing.objectStore("journal"), reports: doing.objectStore("reports") }, (value) => { result = value; });
  });
}

/** On disk before it counts as done, where the engine can be asked for that. @param {IDBDatabase} db @param {IDBTransactionMode} mode */
const begin = (db, mode) => db.transaction(["journal", "reports"], mode, /** @type {any} */ ({ durability: "strict" }));

export const journal = {
  /** Everything: the number of the last entry, the last whole state, the entries after it. @returns {Promise<[number, string | undefined, string[]]>} */
  load: () => transaction("readonly", ({ journal }, give) => {
    /** @type {[number, string | undefined, string[]]} */
    const all = [0, undefined, []];
    journal.get("head").onsuccess = (e) => { all[0] = /** @type {any} */ (e.target).result ?? 0; };
    journal.get("whole").onsuccess = (e) => { all[1] = /** @type {any} */ (e.target).result; };
    // numbers sort before texts
    journal.getAll(IDBKeyRange.bound(0, Infinity)).onsuccess = (e) => { all[2] = /** @type {any} */ (e.target).result; };
    give(all);
  }),

  /**
   * One step, after so many entries; `false`, and nothing is written, if another tab has gone on meanwhile.
   * @param {number} after @param {Step} step @returns {Promise<boolean>}
   */
  commit: (after, { entry, whole, hold, drop }) => transaction("readwrite", ({ journal, reports }, give) => {
    give(false);
    journal.get("head").onsuccess = (e) => {
      if ((/** @type {any} */ (e.target).result ?? 0) !== after) return;
      journal.put(after + 1, "head");
      if (hold) reports.put(hold[1], hold[0]);
      for (const name of drop) reports.delete(name);
      if (whole == null) journal.put(entry, after + 1);
      else {
        journal.delete(IDBKeyRange.bound(0, Infinity));
        journal.put(whole, "whole");
      }
      give(true);
    };
  }),

  /** A sealed report. @param {string} name @returns {Promise<string | undefined>} */
  report: (name) => transaction("readonly", ({ reports }, give) => {
    reports.get(name).onsuccess = (e) => give(/** @type {any} */ (e.target).result);
  }),
};
