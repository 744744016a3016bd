/* A sealed box for what a person wants to keep: AES-GCM of 256 bits under a key drawn from a passphrase (PBKDF2, SHA-256, 600,000 turns). The key is kept nowhere. */

const TURNS = 600000
const MAGIC = "parvis-coffre-1"
const text = new TextEncoder()

/** WebCrypto is there: the address is secure (https, or this very machine). */
export const possible = () => globalThis.isSecureContext === true && Boolean(globalThis.crypto?.subtle)

const key = async (passphrase, salt, turns) => {
  const material = await crypto.subtle.importKey("raw", text.encode(passphrase.normalize("NFC")), "PBKDF2", false, ["deriveKey"])
  return crypto.subtle.deriveKey({ name: "PBKDF2", hash: "SHA-256", salt, iterations: turns }, material, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"])
}
const coded = bytes => btoa(String.fromCharCode(...new Uint8Array(bytes)))
const decoded = said => Uint8Array.from(atob(said), c => c.charCodeAt(0))

/** A value as a sealed text. Each time with a new salt and a new nonce. */
export async function seal(value, passphrase) {
  const salt = crypto.getRandomValues(new Uint8Array(16))
  const nonce = crypto.getRandomValues(new Uint8Array(12))
  const plain = text.encode(JSON.stringify(value))
  // Filled up to whole kilobytes, so that its size tells little of how much is in it.
  const filled = new Uint8Array(Math.ceil((plain.length + 4) / 1024) * 1024)
  new DataView(filled.buffer).setUint32(0, plain.length)
  filled.set(plain, 4)
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData: text.encode(MAGIC) }, await key(passphrase, salt, TURNS), filled)
  const body = new Uint8Array(sealed)
  let said = ""
  for (let i = 0; i < body.length; i += 3072) said += coded(body.subarray(i, i + 3072))
  return JSON.stringify({ kind: MAGIC, turns: TURNS, salt: coded(salt), nonce: coded(nonce), body: said })
}

/** The value of a sealed text. Throws when the passphrase is another or a byte was changed. */
export async function open(sealed, passphrase) {
  const box = JSON.parse(sealed)
  if (box.kind !== MAGIC || !(box.turns >= TURNS && box.turns <= 10 * TURNS)) throw new Error("no such box")
  const opened = await crypto.subtle.decrypt(
    { name: "AES-GCM", iv: decoded(box.nonce), additionalData: text.encode(MAGIC) }, await key(passphrase, decoded(box.salt), box.turns), decoded(box.body))
  const length = new DataView(opened).getUint32(0)
  return JSON.parse(new TextDecoder().decode(new Uint8Array(opened, 4, length)))
}
