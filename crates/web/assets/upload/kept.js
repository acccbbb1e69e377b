// What is being sent, kept in the browser, so that it goes on after a reload: its
// facts, and the file itself where the browser has room for it.
const FACTS = "facts";
const FILES = "files";

function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("anb-uploads", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(FACTS, { keyPath: "key" });
      request.result.createObjectStore(FILES);
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function within(stores, mode, act) {
  const database = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(stores, mode);
      const request = act((name) => transaction.objectStore(name));
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

// None of these fails: without a memory, a reload asks for the file again.

export const keepFacts = (facts) =>
  within([FACTS], "readwrite", (store) => store(FACTS).put(facts)).catch(() => {});

export const keepFile = (key, file) =>
  within([FILES], "readwrite", (store) => store(FILES).put(file, key)).catch(() => {});

export const forget = (key) =>
  within([FACTS, FILES], "readwrite", (store) => {
    store(FACTS).delete(key);
    store(FILES).delete(key);
  }).catch(() => {});

export async function keptBy(player) {
  const all = await within([FACTS], "readonly", (store) => store(FACTS).getAll()).catch(() => []);
  return all.filter((facts) => facts.player === player);
}

// The file, if it is here and can be read.
export async function keptFile(key) {
  const file = await within([FILES], "readonly", (store) => store(FILES).get(key)).catch(() => null);
  const readable = await file?.slice(0, 1).arrayBuffer().then(() => true, () => false);
  return readable ? file : null;
}

// Whether this page is the one that sends this file: not when it is sent in
// another tab. Lasts until the page is left.
export function claim(key) {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    navigator.locks.request(`upload ${key}`, { ifAvailable: true }, (lock) => {
      resolve(Boolean(lock));
      return lock && new Promise(() => {});
    });
  });
}
