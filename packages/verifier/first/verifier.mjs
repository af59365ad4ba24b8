// packages/verifier/src/base64.ts
/** The bytes of base64 with padding (RFC 4648, section 4); null for every other text, also for one that ends in bits that say nothing. */
function fromBase64(text) {
	if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return null;
	const binary = atob(text);
	return btoa(binary) === text ? Uint8Array.from(binary, (character) => character.charCodeAt(0)) : null;
}
/** The bytes of base64url without padding (RFC 4648, section 5); null for every other text. */
function fromBase64url(text) {
	if (!/^[A-Za-z0-9_-]*$/.test(text)) return null;
	return fromBase64(text.replaceAll("-", "+").replaceAll("_", "/") + "=".repeat((4 - text.length % 4) % 4));
}
/** Base64url without padding. */
function toBase64url(bytes) {
	let binary = "";
	for (const byte of bytes) binary += String.fromCharCode(byte);
	return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
// node_modules/.pnpm/@noble+hashes@2.4.0/node_modules/@noble/hashes/utils.js
/**
* Checks if something is Uint8Array. Be careful: nodejs Buffer will return true.
* @param a - value to test
* @returns `true` when the value is a Uint8Array-compatible view.
* @example
* Check whether a value is a Uint8Array-compatible view.
* ```ts
* isBytes(new Uint8Array([1, 2, 3]));
* ```
*/
function isBytes(a) {
	return a instanceof Uint8Array || ArrayBuffer.isView(a) && a.constructor.name === "Uint8Array" && "BYTES_PER_ELEMENT" in a && a.BYTES_PER_ELEMENT === 1;
}
var atitle = (title) => title ? `"${title}" ` : "";
/**
* Asserts something is a non-negative integer.
* @param n - number to validate
* @param title - label included in thrown errors
* @returns The validated number.
* @throws On wrong argument types. {@link TypeError}
* @throws On wrong argument ranges or values. {@link RangeError}
* @example
* Validate a non-negative integer option.
* ```ts
* anumber(32, 'length');
* ```
*/
function anumber(n, title = "") {
	if (typeof n !== "number") throw new TypeError(atitle(title) + "expected number, got " + typeof n);
	if (!Number.isSafeInteger(n) || n < 0) throw new RangeError(atitle(title) + "expected integer >= 0, got " + n);
	return n;
}
/**
* Asserts something is Uint8Array.
* @param value - value to validate
* @param length - optional exact length constraint
* @param title - label included in thrown errors
* @returns The validated byte array.
* @throws On wrong argument types. {@link TypeError}
* @throws On wrong argument ranges or values. {@link RangeError}
* @example
* Validate that a value is a byte array.
* ```ts
* abytes(new Uint8Array([1, 2, 3]));
* ```
*/
function abytes(value, length, title = "") {
	if (isBytes(value) && (length === void 0 || value.length === length)) return value;
	if (length !== void 0) anumber(length, "length");
	const bytes = isBytes(value);
	const ofLen = length !== void 0 ? ` of length ${length}` : "";
	const got = bytes ? `length=${value.length}` : `type=${typeof value}`;
	const message = atitle(title) + "expected Uint8Array" + ofLen + ", got " + got;
	if (!bytes) throw new TypeError(message);
	throw new RangeError(message);
}
var aobject = (value, label) => {
	if (value === null || typeof value !== "object" || Array.isArray(value)) throw new TypeError((label === "object" ? "" : `"${label}" `) + "expected object, got type=" + typeof value);
};
var aopts = (value, label) => {
	aobject(value, label);
	const proto = Object.getPrototypeOf(value);
	if (proto !== Object.prototype && proto !== null) throw new TypeError(`"${label}" expected plain object`);
	if (Object.hasOwn(value, "__proto__")) throw new TypeError(`"${label}.__proto__" is not allowed`);
};
/**
* Asserts a hash instance has not been destroyed or finished.
* @param instance - hash instance to validate
* @param checkFinished - whether to reject finalized instances
* @throws If the hash instance has already been destroyed or finalized. {@link Error}
* @example
* Validate that a hash instance is still usable.
* ```ts
* import { aexists } from '@noble/hashes/utils.js';
* import { sha256 } from '@noble/hashes/sha2.js';
* const hash = sha256.create();
* aexists(hash);
* ```
*/
function aexists(instance, checkFinished = true) {
	if (instance.destroyed) throw new Error("hash was destroyed");
	if (checkFinished && instance.finished) throw new Error("digest() was already called");
}
/**
* Asserts output is a sufficiently-sized byte array.
* @param out - destination buffer
* @param instance - hash instance providing output length
* Oversized buffers are allowed; downstream code only promises to fill the first `outputLen` bytes.
* @throws On wrong argument types. {@link TypeError}
* @throws On wrong argument ranges or values. {@link RangeError}
* @example
* Validate a caller-provided digest buffer.
* ```ts
* import { aoutput } from '@noble/hashes/utils.js';
* import { sha256 } from '@noble/hashes/sha2.js';
* const hash = sha256.create();
* aoutput(new Uint8Array(hash.outputLen), hash);
* ```
*/
function aoutput(out, instance) {
	abytes(out, void 0, "output");
	const min = instance.outputLen;
	if (!(out.length >= min)) throw new RangeError("\"output\" expected length >= " + min);
}
/**
* Zeroizes typed arrays in place. Warning: JS provides no guarantees.
* @param arrays - arrays to overwrite with zeros
* @example
* Zeroize sensitive buffers in place.
* ```ts
* clean(new Uint8Array([1, 2, 3]));
* ```
*/
function clean(...arrays) {
	for (let i = 0; i < arrays.length; i++) arrays[i].fill(0);
}
/**
* Creates a DataView for byte-level manipulation.
* @param arr - source typed array
* @returns DataView over the same buffer region.
* @example
* Create a DataView over an existing buffer.
* ```ts
* createView(new Uint8Array(4));
* ```
*/
function createView(arr) {
	return new DataView(arr.buffer, arr.byteOffset, arr.byteLength);
}
/**
* Rotate-right operation for uint32 values.
* @param word - source word
* @param shift - shift amount in bits
* @returns Rotated word.
* @example
* Rotate a 32-bit word to the right.
* ```ts
* rotr(0x12345678, 8);
* ```
*/
function rotr(word, shift) {
	return word << 32 - shift | word >>> shift;
}
var hasHexBuiltin = /* @__PURE__ */ (() => typeof Uint8Array.from([]).toHex === "function" && typeof Uint8Array.fromHex === "function")();
var hexes = /* @__PURE__ */ Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, "0"));
/**
* Convert byte array to hex string.
* Uses the built-in function when available and assumes it matches the tested
* fallback semantics.
* @param bytes - bytes to encode
* @returns Lowercase hexadecimal string.
* @throws On wrong argument types. {@link TypeError}
* @example
* Convert bytes to lowercase hexadecimal.
* ```ts
* bytesToHex(Uint8Array.from([0xca, 0xfe, 0x01, 0x23])); // 'cafe0123'
* ```
*/
function bytesToHex(bytes) {
	abytes(bytes);
	if (hasHexBuiltin) return bytes.toHex();
	let hex = "";
	for (let i = 0; i < bytes.length; i++) hex += hexes[bytes[i]];
	return hex;
}
function asciiToBase16(ch) {
	return ch >= 48 && ch <= 57 ? ch - 48 : ch >= 65 && ch <= 70 ? ch - 55 : ch >= 97 && ch <= 102 ? ch - 87 : void 0;
}
/**
* Convert hex string to byte array. Uses built-in function, when available.
* @param hex - hexadecimal string to decode
* @returns Decoded bytes.
* @throws On wrong argument types. {@link TypeError}
* @throws On wrong argument ranges or values. {@link RangeError}
* @example
* Decode lowercase hexadecimal into bytes.
* ```ts
* hexToBytes('cafe0123'); // Uint8Array.from([0xca, 0xfe, 0x01, 0x23])
* ```
*/
function hexToBytes(hex) {
	if (typeof hex !== "string") throw new TypeError("hex string expected, got " + typeof hex);
	if (hasHexBuiltin) try {
		return Uint8Array.fromHex(hex);
	} catch (error) {
		if (error instanceof SyntaxError) throw new RangeError(error.message);
		throw error;
	}
	const hl = hex.length;
	const al = hl / 2;
	if (hl % 2) throw new RangeError("hex string expected, got unpadded hex of length " + hl);
	const array = new Uint8Array(al);
	for (let ai = 0, hi = 0; ai < al; ai++, hi += 2) {
		const n1 = asciiToBase16(hex.charCodeAt(hi));
		const n2 = asciiToBase16(hex.charCodeAt(hi + 1));
		if (n1 === void 0 || n2 === void 0) {
			const char = hex[hi] + hex[hi + 1];
			throw new RangeError("hex string expected, got non-hex character \"" + char + "\" at index " + hi);
		}
		array[ai] = n1 * 16 + n2;
	}
	return array;
}
/**
* Merges default options and passed options.
* @param defaults - base option object
* @param opts - user overrides
* @param title - label included in thrown override errors
* @returns Fresh merged option object with a null prototype.
* @throws On wrong argument types. {@link TypeError}
* @example
* Merge user overrides onto default options.
* ```ts
* checkOpts({ dkLen: 32 }, { asyncTick: 10 });
* ```
*/
function checkOpts(defaults, opts, title = "opts") {
	aopts(defaults, "defaults");
	if (opts !== void 0) aopts(opts, title);
	return Object.assign(Object.create(null), defaults, opts);
}
/**
* Creates a callable hash function from a stateful class constructor.
* @param hashCons - hash constructor or factory
* @param info - optional metadata such as DER OID
* @returns Frozen callable hash wrapper with `.create()`.
*   Wrapper construction eagerly calls `hashCons(undefined)` once to read
*   `outputLen` / `blockLen`, so constructor side effects happen at module
*   init time.
* @throws On wrong argument types. {@link TypeError}
* @example
* Wrap a stateful hash constructor into a callable helper.
* ```ts
* import { createHasher } from '@noble/hashes/utils.js';
* import { sha256 } from '@noble/hashes/sha2.js';
* const wrapped = createHasher(sha256.create, { oid: sha256.oid });
* wrapped(new Uint8Array([1]));
* ```
*/
function createHasher(hashCons, info = {}) {
	if (typeof hashCons !== "function") throw new TypeError("\"hashCons\" expected function, got type=" + typeof hashCons);
	info = checkOpts({}, info, "info");
	const hashC = (msg, opts) => hashCons(opts).update(msg).digest();
	const tmp = hashCons(void 0);
	hashC.outputLen = tmp.outputLen;
	hashC.blockLen = tmp.blockLen;
	hashC.canXOF = tmp.canXOF;
	hashC.create = (opts) => hashCons(opts);
	Object.assign(hashC, info);
	return Object.freeze(hashC);
}
/**
* Creates OID metadata for NIST hashes with prefix `06 09 60 86 48 01 65 03 04 02`.
* @param suffix - final OID byte for the selected hash.
*   The helper accepts any byte even though only the documented NIST hash
*   suffixes are meaningful downstream.
* @returns Object containing the DER-encoded OID.
* @example
* Build OID metadata for a NIST hash.
* ```ts
* oidNist(0x01);
* ```
*/
var oidNist = (suffix) => ({ oid: Uint8Array.from([
	6,
	9,
	96,
	134,
	72,
	1,
	101,
	3,
	4,
	2,
	suffix
]) });
// packages/verifier/src/ed25519-point.ts
var prime = 2n ** 255n - 19n;
var yOfOrderEight = 55188659117513257062467267217118295137698188065244968500265048394206261417927n;
/** The y of the points whose order divides 8: whoever has one as a key has a signature of everything that needs no secret. */
var smallOrder = /* @__PURE__ */ new Set([
	0n,
	1n,
	prime - 1n,
	yOfOrderEight,
	prime - yOfOrderEight
]);
/** Whether 32 bytes can be a key, or the R of a signature, that all engines judge alike: y in its only form, and no point of small order. */
function isEd25519Point(bytes) {
	if (bytes.length !== 32) return false;
	const y = BigInt(`0x${bytesToHex(bytes.toReversed())}`) & 2n ** 255n - 1n;
	return y < prime && !smallOrder.has(y);
}
// node_modules/.pnpm/@noble+hashes@2.4.0/node_modules/@noble/hashes/_u64.js
var fromNumH = (n) => n / 2 ** 32 | 0;
var fromNumL = (n) => n >>> 0;
function setU64FromNum(view, byteOffset, n, isLE) {
	const h = fromNumH(n);
	const l = fromNumL(n);
	view.setUint32(byteOffset, isLE ? l : h, isLE);
	view.setUint32(byteOffset + 4, isLE ? h : l, isLE);
}
// node_modules/.pnpm/@noble+hashes@2.4.0/node_modules/@noble/hashes/_md.js
/**
* Internal Merkle-Damgard hash utils.
* @module
*/
/**
* Shared 32-bit conditional boolean primitive reused by SHA-256, SHA-1, and MD5 `F`.
* Returns bits from `b` when `a` is set, otherwise from `c`.
* The XOR form is equivalent to MD5's `F(X,Y,Z) = XY v not(X)Z` because the masked terms never
* set the same bit.
* @param a - selector word
* @param b - word chosen when selector bit is set
* @param c - word chosen when selector bit is clear
* @returns Mixed 32-bit word.
* @example
* Combine three words with the shared 32-bit choice primitive.
* ```ts
* Chi(0xffffffff, 0x12345678, 0x87654321);
* ```
*/
function Chi(a, b, c) {
	return a & b ^ ~a & c;
}
/**
* Shared 32-bit majority primitive reused by SHA-256 and SHA-1.
* Returns bits shared by at least two inputs.
* @param a - first input word
* @param b - second input word
* @param c - third input word
* @returns Mixed 32-bit word.
* @example
* Combine three words with the shared 32-bit majority primitive.
* ```ts
* Maj(0xffffffff, 0x12345678, 0x87654321);
* ```
*/
function Maj(a, b, c) {
	return a & b ^ a & c ^ b & c;
}
/**
* Merkle-Damgard hash construction base class.
* Could be used to create MD5, RIPEMD, SHA1, SHA2.
* Accepts only byte-aligned `Uint8Array` input, even when the underlying spec describes bit
* strings with partial-byte tails.
* @param blockLen - internal block size in bytes
* @param outputLen - digest size in bytes
* @param padOffset - trailing length field size in bytes
* @param isLE - whether length and state words are encoded in little-endian
* @example
* Use a concrete subclass to get the shared Merkle-Damgard update/digest flow.
* ```ts
* import { _SHA1 } from '@noble/hashes/legacy.js';
* const hash = new _SHA1();
* hash.update(new Uint8Array([97, 98, 99]));
* hash.digest();
* ```
*/
var HashMD = class {
	blockLen;
	outputLen;
	canXOF = false;
	padOffset;
	isLE;
	buffer;
	view;
	finished = false;
	length = 0;
	pos = 0;
	destroyed = false;
	constructor(blockLen, outputLen, padOffset, isLE) {
		this.blockLen = blockLen;
		this.outputLen = outputLen;
		this.padOffset = padOffset;
		this.isLE = isLE;
		this.buffer = new Uint8Array(blockLen);
		this.view = createView(this.buffer);
	}
	update(data) {
		aexists(this);
		abytes(data);
		const { view, buffer, blockLen } = this;
		const len = data.length;
		let processed = false;
		for (let pos = 0; pos < len;) {
			const take = Math.min(blockLen - this.pos, len - pos);
			if (take === blockLen) {
				const dataView = createView(data);
				for (; blockLen <= len - pos; pos += blockLen) this.process(dataView, pos);
				processed = true;
				continue;
			}
			buffer.set(pos === 0 && take === len ? data : data.subarray(pos, pos + take), this.pos);
			this.pos += take;
			pos += take;
			if (this.pos === blockLen) {
				this.process(view, 0);
				this.pos = 0;
				processed = true;
			}
		}
		this.length += data.length;
		if (processed) this.roundClean();
		return this;
	}
	digestInto(out) {
		aexists(this);
		aoutput(out, this);
		this.finished = true;
		const { buffer, view, blockLen, isLE } = this;
		let { pos } = this;
		buffer[pos++] = 128;
		buffer.fill(0, pos);
		if (this.padOffset > blockLen - pos) {
			this.process(view, 0);
			buffer.fill(0);
		}
		setU64FromNum(view, blockLen - 8, this.length * 8, isLE);
		this.process(view, 0);
		this.roundClean();
		const oview = out === buffer ? view : createView(out);
		const len = this.outputLen;
		const outLen = len / 4;
		const state = this.get();
		if (len % 4 || outLen > state.length) throw new Error("invalid outputLen");
		for (let i = 0; i < outLen; i++) oview.setUint32(4 * i, state[i], isLE);
	}
	digest() {
		const { buffer, outputLen } = this;
		this.digestInto(buffer);
		const res = buffer.slice(0, outputLen);
		this.destroy();
		return res;
	}
	_cloneIntoMeta(to) {
		const { buffer, length, finished, destroyed, pos } = this;
		to.destroyed = destroyed;
		to.finished = finished;
		to.length = length;
		to.pos = pos;
		if (pos) to.buffer.set(buffer);
		return to;
	}
	clone() {
		return this._cloneInto();
	}
};
/**
* Initial SHA-2 state: fractional parts of square roots of first 16 primes 2..53.
* Check out `test/misc/sha2-gen-iv.js` for recomputation guide.
*/
/** Initial SHA256 state from RFC 6234 §6.1: the first 32 bits of the fractional parts of the
* square roots of the first eight prime numbers. Exported as a shared table; callers must treat
* it as read-only because constructors copy words from it by index. */
var SHA256_IV = /* @__PURE__ */ Uint32Array.from([
	1779033703,
	3144134277,
	1013904242,
	2773480762,
	1359893119,
	2600822924,
	528734635,
	1541459225
]);
// node_modules/.pnpm/@noble+hashes@2.4.0/node_modules/@noble/hashes/sha2.js
/**
* SHA2 hash function. A.k.a. sha256, sha384, sha512, sha512_224, sha512_256.
* SHA256 is the fastest hash implementable in JS, even faster than Blake3.
* Check out {@link https://www.rfc-editor.org/rfc/rfc4634 | RFC 4634} and
* {@link https://nvlpubs.nist.gov/nistpubs/FIPS/NIST.FIPS.180-4.pdf | FIPS 180-4}.
* @module
*/
/**
* SHA-224 / SHA-256 round constants from RFC 6234 §5.1: the first 32 bits
* of the cube roots of the first 64 primes (2..311).
*/
var SHA256_K = /* @__PURE__ */ Uint32Array.from([
	1116352408,
	1899447441,
	3049323471,
	3921009573,
	961987163,
	1508970993,
	2453635748,
	2870763221,
	3624381080,
	310598401,
	607225278,
	1426881987,
	1925078388,
	2162078206,
	2614888103,
	3248222580,
	3835390401,
	4022224774,
	264347078,
	604807628,
	770255983,
	1249150122,
	1555081692,
	1996064986,
	2554220882,
	2821834349,
	2952996808,
	3210313671,
	3336571891,
	3584528711,
	113926993,
	338241895,
	666307205,
	773529912,
	1294757372,
	1396182291,
	1695183700,
	1986661051,
	2177026350,
	2456956037,
	2730485921,
	2820302411,
	3259730800,
	3345764771,
	3516065817,
	3600352804,
	4094571909,
	275423344,
	430227734,
	506948616,
	659060556,
	883997877,
	958139571,
	1322822218,
	1537002063,
	1747873779,
	1955562222,
	2024104815,
	2227730452,
	2361852424,
	2428436474,
	2756734187,
	3204031479,
	3329325298
]);
/** Reusable SHA-224 / SHA-256 message schedule buffer `W_t` from RFC 6234 §6.2 step 1. */
var SHA256_W = /* @__PURE__ */ new Uint32Array(64);
/** Internal SHA-224 / SHA-256 compression engine from RFC 6234 §6.2. */
var SHA2_32B = class extends HashMD {
	A = 0;
	B = 0;
	C = 0;
	D = 0;
	E = 0;
	F = 0;
	G = 0;
	H = 0;
	constructor(outputLen, IV) {
		super(64, outputLen, 8, false);
		this.A = IV[0] | 0;
		this.B = IV[1] | 0;
		this.C = IV[2] | 0;
		this.D = IV[3] | 0;
		this.E = IV[4] | 0;
		this.F = IV[5] | 0;
		this.G = IV[6] | 0;
		this.H = IV[7] | 0;
	}
	get() {
		const { A, B, C, D, E, F, G, H } = this;
		return [
			A,
			B,
			C,
			D,
			E,
			F,
			G,
			H
		];
	}
	set(A, B, C, D, E, F, G, H) {
		this.A = A | 0;
		this.B = B | 0;
		this.C = C | 0;
		this.D = D | 0;
		this.E = E | 0;
		this.F = F | 0;
		this.G = G | 0;
		this.H = H | 0;
	}
	_cloneInto(to) {
		(to ||= new this.constructor()).set(...this.get());
		return this._cloneIntoMeta(to);
	}
	process(view, offset) {
		for (let i = 0; i < 16; i++, offset += 4) SHA256_W[i] = view.getUint32(offset, false);
		for (let i = 16; i < 64; i++) {
			const W15 = SHA256_W[i - 15];
			const W2 = SHA256_W[i - 2];
			const s0 = rotr(W15, 7) ^ rotr(W15, 18) ^ W15 >>> 3;
			const s1 = rotr(W2, 17) ^ rotr(W2, 19) ^ W2 >>> 10;
			SHA256_W[i] = s1 + SHA256_W[i - 7] + s0 + SHA256_W[i - 16] | 0;
		}
		let { A, B, C, D, E, F, G, H } = this;
		for (let i = 0; i < 64; i++) {
			const sigma1 = rotr(E, 6) ^ rotr(E, 11) ^ rotr(E, 25);
			const T1 = H + sigma1 + Chi(E, F, G) + SHA256_K[i] + SHA256_W[i] | 0;
			const T2 = (rotr(A, 2) ^ rotr(A, 13) ^ rotr(A, 22)) + Maj(A, B, C) | 0;
			H = G;
			G = F;
			F = E;
			E = D + T1 | 0;
			D = C;
			C = B;
			B = A;
			A = T1 + T2 | 0;
		}
		A = A + this.A | 0;
		B = B + this.B | 0;
		C = C + this.C | 0;
		D = D + this.D | 0;
		E = E + this.E | 0;
		F = F + this.F | 0;
		G = G + this.G | 0;
		H = H + this.H | 0;
		this.set(A, B, C, D, E, F, G, H);
	}
	roundClean() {
		clean(SHA256_W);
	}
	destroy() {
		this.destroyed = true;
		this.set(0, 0, 0, 0, 0, 0, 0, 0);
		clean(this.buffer);
	}
};
/** Internal SHA-256 hash class grounded in RFC 6234 §6.2. */
var _SHA256 = class extends SHA2_32B {
	constructor() {
		super(32, SHA256_IV);
	}
};
/**
* SHA2-256 hash function from RFC 4634. In JS it's the fastest: even faster than Blake3. Some info:
*
* - Trying 2^128 hashes would get 50% chance of collision, using birthday attack.
* - BTC network is doing 2^70 hashes/sec (2^95 hashes/year) as per 2025.
* - Each sha256 hash is executing 2^18 bit operations.
* - Good 2024 ASICs can do 200Th/sec with 3500 watts of power, corresponding to 2^36 hashes/joule.
* @param msg - message bytes to hash
* @param opts - Reserved hash options.
* @returns Digest bytes.
* @example
* Hash a message with SHA2-256.
* ```ts
* sha256(new Uint8Array([97, 98, 99]));
* ```
*/
var sha256 = /* @__PURE__ */ createHasher(() => new _SHA256(), /* @__PURE__ */ oidNist(1));
// packages/verifier/src/hashes.ts
/** SHA-256 of bytes, or of a text in UTF-8: 64 lower-case hex digits. Throws Error for a text with half of a surrogate pair. */
function sha256Hex(content) {
	return bytesToHex(sha256(typeof content === "string" ? toUtf8(content) : content));
}
/** The bytes of a text. TextEncoder alone replaces half of a surrogate pair: two texts would have one hash. */
function toUtf8(text) {
	if (!text.isWellFormed()) throw new Error("a text has half of a surrogate pair");
	return new TextEncoder().encode(text);
}
/** Whether two lists of bytes are the same. */
function sameBytes(one, other) {
	return one.length === other.length && one.every((byte, place) => byte === other[place]);
}
// packages/verifier/src/web-crypto.ts
/** Thrown where signatures cannot be checked at all: nothing is said about the file then. */
var MissingWebCryptoError = class extends Error {
	constructor(why, options) {
		super(`Signatures cannot be checked here: ${why}`, options);
		this.name = "MissingWebCryptoError";
	}
};
/**
* WebCrypto's signatures. Throws {@link MissingWebCryptoError} where there are none: browsers offer them to pages of https, of localhost and
* of files alone.
*/
function openSubtle() {
	const subtle = globalThis.crypto?.subtle;
	if (subtle !== void 0) return subtle;
	throw new MissingWebCryptoError("this browser offers no WebCrypto to this page. Open it by https, from localhost or as a file.");
}
/** Whether an Ed25519 signature (RFC 8032) is valid; false for 32 bytes that are no key. Throws {@link MissingWebCryptoError}. */
async function verifyEd25519(key, signature, message) {
	return verifyWith(key, { name: "Ed25519" }, signature, message);
}
/** Whether a signature is valid; false for what is no key of this algorithm. Throws {@link MissingWebCryptoError} for one the browser lacks. */
async function verifyWith(key, algorithm, signature, message) {
	const subtle = openSubtle();
	if (algorithm.name === "Ed25519" && !isEd25519Point(signature.subarray(0, 32))) return false;
	let imported;
	try {
		imported = await ("kty" in key ? subtle.importKey("jwk", key, algorithm, false, ["verify"]) : subtle.importKey("raw", key, algorithm, false, ["verify"]));
	} catch (error) {
		if (error.name !== "NotSupportedError") return false;
		throw new MissingWebCryptoError("this browser is too old for the algorithm of a key.", { cause: error });
	}
	return subtle.verify(algorithm, imported, signature, message);
}
// packages/verifier/src/signed-note.ts
/** Why a note, a key or what it says is not believed; the message is a whole sentence. */
var NoteError = class extends Error {
	name = "NoteError";
};
var ed25519 = 1;
var maxCharacters$1 = 65536;
var maxSignatures = 100;
/** No character of which two readers could think differently. */
var keyName = /^[!-*,-~]{1,200}$/;
/** Reads a published key. Throws {@link NoteError}. */
function readVerifierKey(text) {
	const [name = "", keyId = "", ...others] = text.split("+");
	const bytes = fromBase64(others.join("+"));
	if (!keyName.test(name) || !/^[0-9a-f]{8}$/.test(keyId) || bytes === null) throw new NoteError("A key is not name+keyid+base64.");
	if (bytes.length !== 33 || bytes[0] !== ed25519) throw new NoteError(`The key ${name}+${keyId} is not one for Ed25519.`);
	const publicKey = bytes.subarray(1);
	if (!isEd25519Point(publicKey)) throw new NoteError(`The key ${name}+${keyId} is of small order, or not in its only form.`);
	if (toKeyId(name, publicKey) !== keyId) throw new NoteError(`The key ${name}+${keyId} has the id of another key.`);
	return {
		name,
		keyId,
		publicKey,
		text
	};
}
/** The first 4 bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ public key) in hex. */
function toKeyId(name, publicKey) {
	return bytesToHex(sha256.create().update(toUtf8(`${name}\n`)).update(Uint8Array.of(ed25519)).update(publicKey).digest().subarray(0, 4));
}
/** Reads a note; no signature is checked yet. Throws {@link NoteError}. */
function readSignedNote(note) {
	if (note.length > maxCharacters$1) throw new NoteError("The note is too long.");
	if (!note.isWellFormed() || /[\0-\x09\x0b-\x1f\x7f]/.test(note)) throw new NoteError("The note has a control character.");
	const end = note.lastIndexOf("\n\n");
	if (end === -1 || !note.endsWith("\n") || end + 2 === note.length) throw new NoteError("The note has no signatures after an empty line.");
	const lines = note.slice(end + 2, -1).split("\n");
	if (lines.length > maxSignatures) throw new NoteError(`The note has more than ${maxSignatures} signatures.`);
	return {
		text: note.slice(0, end + 1),
		signatures: lines.map(readSignatureLine)
	};
}
function readSignatureLine(line) {
	const [dash, name = "", code = "", ...others] = line.split(" ");
	const bytes = fromBase64(code);
	if (dash !== "—" || !keyName.test(name) || others.length > 0 || bytes === null || bytes.length < 5) throw new NoteError("A line of signature of the note is not “— name base64”.");
	return {
		name,
		keyId: bytesToHex(bytes.subarray(0, 4)),
		signature: bytes.subarray(4)
	};
}
/**
* Those of `keys` that signed the note. Signatures by other keys are skipped; one that says it is by a key of these and is not valid is
* refused, as is a second one by the same key. Throws {@link NoteError}, and MissingWebCryptoError.
*/
async function listSigners({ text, signatures }, keys) {
	const message = toUtf8(text);
	const signers = [];
	for (const { name, keyId, signature } of signatures) {
		const key = keys.find((known) => known.name === name && known.keyId === keyId);
		if (key === void 0) continue;
		if (signers.includes(key)) throw new NoteError(`The key ${name}+${keyId} signed twice.`);
		if (signature.length !== 64 || !await verifyEd25519(key.publicKey, signature, message)) throw new NoteError(`The signature of the key ${name}+${keyId} is not valid.`);
		signers.push(key);
	}
	return signers;
}
/** Whether two keys are one. */
function isSameKey(one, other) {
	return one.name === other.name && sameBytes(one.publicKey, other.publicKey);
}
// packages/verifier/src/believed-keys.ts
var header = "autopack-checkpoint-key/1";
/** Reads the text of a rotation; no signature is checked. Throws {@link NoteError}. */
function readRotation(note) {
	const [version, origin = "", nextText = "", sizeText = "", ...others] = readSignedNote(note).text.slice(0, -1).split("\n");
	const size = Number(sizeText);
	if (version !== header || others.length > 0) throw new NoteError(`A rotation does not have the four lines of ${header}.`);
	if (!/^(?:0|[1-9][0-9]*)$/.test(sizeText) || !Number.isSafeInteger(size)) throw new NoteError("A rotation has no size in its fourth line.");
	const next = readVerifierKey(nextText);
	if (next.name !== origin) throw new NoteError("A rotation names a key of another log.");
	return {
		origin,
		next,
		size
	};
}
/**
* The keys that are believed by whoever believes `roots`, after the rotations in their order. A rotation by a key that is not believed is
* skipped; one by a key that is must be signed by both, and a key hands over once. Throws {@link NoteError}, and MissingWebCryptoError.
*/
async function followRotations(roots, notes) {
	const keys = roots.map((key) => ({
		...key,
		from: 1,
		until: Infinity
	}));
	const followed = /* @__PURE__ */ new Map();
	for (const text of notes) {
		const { origin, next, size } = readRotation(text);
		const note = readSignedNote(text);
		const before = (await listSigners(note, keys)).find((signer) => signer.name === origin && !isSameKey(signer, next));
		if (before === void 0) continue;
		if ((await listSigners(note, [next])).length === 0) throw new NoteError(`The new key ${next.name}+${next.keyId} did not sign its rotation.`);
		const heir = `${next.text} ${size}`;
		const earlier = followed.get(before.text);
		if (earlier === heir) continue;
		if (earlier !== void 0) throw new NoteError(`The key ${before.name}+${before.keyId} hands over twice.`);
		if (size < before.from - 1) throw new NoteError(`The key ${before.name}+${before.keyId} hands over before it was believed.`);
		followed.set(before.text, heir);
		before.until = size;
		if (!keys.some((known) => isSameKey(known, next))) keys.push({
			...next,
			from: size + 1,
			until: Infinity
		});
	}
	return keys;
}
// packages/verifier/src/moment.ts
var form = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
/** Whether a value is a moment like `2026-11-23T10:15:30.123Z`. The day after the last one of a month is none, though it can be parsed. */
function isMoment(value) {
	if (typeof value !== "string" || !form.test(value)) return false;
	const time = Date.parse(value);
	return Number.isFinite(time) && new Date(time).toISOString() === value;
}
// packages/verifier/src/checkpoint.ts
/**
* Reads the text of a checkpoint (five lines: origin, size, root in base64, head, time); no signature is checked. Throws {@link NoteError}.
*/
function readCheckpoint(note) {
	const read = readSignedNote(note);
	const [origin = "", sizeText = "", rootText = "", headLine = "", timeLine = "", ...others] = read.text.slice(0, -1).split("\n");
	const size = Number(sizeText);
	const root = fromBase64(rootText);
	const head = /^head ([0-9a-f]{64})$/.exec(headLine)?.[1];
	const time = timeLine.startsWith("time ") ? timeLine.slice(5) : "";
	if (!/^[1-9][0-9]*$/.test(sizeText) || !Number.isSafeInteger(size)) throw new NoteError("The checkpoint has no size in its second line.");
	if (root?.length !== 32) throw new NoteError("The checkpoint has no root of 32 bytes in its third line.");
	if (head === void 0 || !isMoment(time) || others.length > 0) throw new NoteError("The checkpoint does not end with its head and its time.");
	return {
		origin,
		size,
		root: bytesToHex(root),
		head,
		time,
		note: read
	};
}
/**
* The checkpoints that believed keys signed, in the order of their sizes. Throws {@link NoteError} for the first that is none, and
* MissingWebCryptoError where nothing can be said.
*/
async function believeCheckpoints(notes, facts) {
	if (notes.length === 0) return [];
	const trust = facts.trusted.length > 0 ? "trusted" : "stated";
	const stated = facts.stated.map((text) => readVerifierKey(text));
	const roots = trust === "trusted" ? facts.trusted.map((text) => readVerifierKey(text)) : stated.slice(0, 1);
	if (roots.length === 0) throw new NoteError("There is no key to check the checkpoint with.");
	const keys = await followRotations(roots, facts.rotations);
	const believed = [];
	for (const text of notes) believed.push({
		...await believeCheckpoint(text, keys),
		trust
	});
	return believed.toSorted((one, other) => one.size - other.size);
}
async function believeCheckpoint(text, keys) {
	const { note, ...checkpoint } = readCheckpoint(text);
	const signers = await listSigners(note, keys);
	const ofLog = signers.filter(({ name }) => name === checkpoint.origin);
	const key = ofLog.find(({ from, until }) => from <= checkpoint.size && checkpoint.size <= until);
	if (key !== void 0) return {
		...checkpoint,
		key_id: key.keyId,
		key: key.text
	};
	const [late] = ofLog;
	if (late !== void 0) {
		const range = late.until === Infinity ? `above ${late.from - 1}` : `from ${late.from} to ${late.until}`;
		throw new NoteError(`The key ${late.name}+${late.keyId} is believed for sizes ${range}, and the checkpoint is of size ${checkpoint.size}.`);
	}
	if (signers.length > 0) throw new NoteError(`The checkpoint is about the log ${checkpoint.origin}, and was signed for another one.`);
	throw new NoteError("No key that is believed signed the checkpoint.");
}
// packages/verifier/src/check-checkpoint-key.ts
/**
* The checkpoint is one, and was signed by a key that the reader believes. The reader's rotations follow those of the receipt: whoever has a
* key that was replaced leaves that out. Throws MissingWebCryptoError.
*/
async function checkCheckpointKey(receipt, trusted, rotations) {
	try {
		const facts = {
			trusted,
			stated: receipt.keys,
			rotations: [...receipt.rotations, ...rotations]
		};
		const [checkpoint] = await believeCheckpoints([receipt.checkpoint], facts);
		return { checkpoint };
	} catch (error) {
		if (!(error instanceof NoteError)) throw error;
		return {
			where: "checkpoint",
			detail: error.message
		};
	}
}
// packages/verifier/src/canonical-event.ts
/**
* Canonical JSON: the part of RFC 8785 that needs no floating point. Written apart from the code that wrote the log, on purpose: a shared
* mistake would verify itself. Throws Error for what has no canonical form here (fractions, unsafe integers, -0, lone surrogates, more than
* 64 levels).
*/
function toCanonicalEvent(value, depth = 0) {
	if (value === null || value === true || value === false) return String(value);
	if (typeof value === "string") return toCanonicalString(value);
	if (typeof value === "number") {
		if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new Error("a number is not a safe integer");
		return String(value);
	}
	if (typeof value !== "object") throw new Error(`a ${typeof value} is not JSON`);
	if (depth >= 64) throw new Error("the event is nested too deep");
	if (Array.isArray(value)) return `[${value.map((item) => toCanonicalEvent(item, depth + 1)).join(",")}]`;
	return `{${Object.keys(value).toSorted().map((key) => `${toCanonicalString(key)}:${toCanonicalEvent(value[key], depth + 1)}`).join(",")}}`;
}
function toCanonicalString(text) {
	if (!text.isWellFormed()) throw new Error("a text has half of a surrogate pair");
	return JSON.stringify(text);
}
// packages/verifier/src/read-json.ts
var structure = /[{}[\],:]|"[^"\\]*(?:\\[^][^"\\]*)*"|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null/y;
var whiteSpace = /[ \t\r\n]*/y;
/**
* The value of a JSON text, nested `maxLevels` deep at most; objects have no prototype. Throws Error for anything else, also for a key that
* appears twice: two readers could see two things. Not JSON.parse: it keeps the last of two keys, and V8 14.6 may give a key that follows
* another and is one escape the wrong name (nodejs/node#63785). Only what stands alone is left to it, which it reads correctly. Numbers are
* safe integers: others are rounded by one reader and not by the next.
*/
function readJson(text, maxLevels) {
	let offset = 0;
	const value = readValue(next(), 0);
	skipWhiteSpace();
	if (offset !== text.length) throw new Error("something follows the value");
	return value;
	function skipWhiteSpace() {
		whiteSpace.lastIndex = offset;
		whiteSpace.exec(text);
		offset = whiteSpace.lastIndex;
	}
	function next() {
		skipWhiteSpace();
		structure.lastIndex = offset;
		const found = structure.exec(text);
		if (!found) throw new Error(`no JSON at ${offset}`);
		offset = structure.lastIndex;
		return found[0];
	}
	function readValue(token, level) {
		if (token.startsWith("{")) return readObject(level);
		if (token.startsWith("[")) return readArray(level);
		if (/^[\]},:]/.test(token)) throw new Error(`no value at ${offset}`);
		const value = JSON.parse(token);
		if (typeof value === "number" && String(value) !== token) throw new Error(`${token.slice(0, 100)} is not written as an integer`);
		if (typeof value === "number" && !Number.isSafeInteger(value)) throw new Error(`${token.slice(0, 100)} is no safe integer`);
		return value;
	}
	function enter(level) {
		if (level >= maxLevels) throw new Error("nested too deep");
	}
	/** Whether another one follows. */
	function goOn(close) {
		const token = next();
		if (token !== "," && token !== close) throw new Error(`neither a comma nor ${close} at ${offset}`);
		return token === ",";
	}
	function readArray(level) {
		enter(level);
		const items = [];
		let token = next();
		if (token === "]") return items;
		for (;;) {
			items.push(readValue(token, level + 1));
			if (!goOn("]")) return items;
			token = next();
		}
	}
	function readObject(level) {
		enter(level);
		const object = Object.create(null);
		let token = next();
		if (token === "}") return object;
		for (;;) {
			if (!token.startsWith("\"")) throw new Error(`no key at ${offset}`);
			const key = JSON.parse(token);
			if (key in object) throw new Error(`the key ${token.slice(0, 100)} appears twice`);
			if (next() !== ":") throw new Error(`no colon at ${offset}`);
			object[key] = readValue(next(), level + 1);
			if (!goOn("}")) return object;
			token = next();
		}
	}
}
// packages/verifier/src/shape.ts
/** A text of one form. */
function text(form, what) {
	return (value, where) => typeof value === "string" && form.test(value) ? null : {
		where,
		detail: `${what} belongs here`
	};
}
var anyText = text(/^/, "a text");
var truth = (value, where) => typeof value === "boolean" ? null : {
	where,
	detail: "true or false belongs here"
};
function integer(least) {
	return (value, where) => Number.isSafeInteger(value) && value >= least ? null : {
		where,
		detail: `an integer from ${least} belongs here`
	};
}
/** Exactly one of these texts. */
function oneOf(...texts) {
	return (value, where) => texts.includes(value) ? null : {
		where,
		detail: `${texts.join(" or ")} belongs here`
	};
}
function orNull(shape) {
	return (value, where) => value === null ? null : shape(value, where);
}
function list(shape, least = 0, most = Infinity) {
	return (value, where) => {
		if (!Array.isArray(value)) return {
			where,
			detail: "a list belongs here"
		};
		if (value.length < least || value.length > most) return {
			where,
			detail: `a list of ${least} to ${most} belongs here`
		};
		return first(value.entries(), ([place, item]) => shape(item, `${where}[${place}]`));
	};
}
/** An object with exactly these members; `others`: with any others beside them. */
function members(shapes, others = "exactly") {
	return (value, where) => {
		if (typeof value !== "object" || value === null || Array.isArray(value)) return {
			where,
			detail: "an object belongs here"
		};
		const inside = (name) => where === "" ? name : `${where}.${name}`;
		const unknown = others === "others" ? void 0 : Object.keys(value).find((name) => !Object.hasOwn(shapes, name));
		if (unknown !== void 0) return {
			where: inside(unknown),
			detail: "this member does not belong here"
		};
		return first(Object.entries(shapes), ([name, shape]) => {
			return Object.hasOwn(value, name) ? shape(value[name], inside(name)) : {
				where: inside(name),
				detail: "it is missing"
			};
		});
	};
}
function first(items, find) {
	for (const item of items) {
		const found = find(item);
		if (found !== null) return found;
	}
	return null;
}
// packages/verifier/src/visible-text.ts
/**
* First and last of every range of characters that show nothing, move others or are drawn as a font likes. A table of its own: what Unicode
* says of a character changes with its versions.
*/
var hiddenRanges = "0-1f 7f-9f ad 34f 600-605 61c 6dd 70f 890-891 8e2 115f-1160 1680 17b4-17b5 180b-180f 2000-200f 2028-202e 205f-206f 2800 3164 e000-f8ff fe00-fe0f feff ffa0 fff0-fffc fffe-ffff 110bd 110cd 13430-1345f 1bca0-1bca3 1d173-1d17a e0000-e0fff f0000-10ffff".split(" ").map((range) => {
	const [low = "", high = low] = range.split("-");
	return {
		low: Number.parseInt(low, 16),
		high: Number.parseInt(high, 16)
	};
});
var lineFeed = 10;
var tab = 9;
var emojiSelector = 65039;
var zeroWidthJoiner = 8205;
/**
* Writes out what hides, moves or imitates an escape, as `⟨U+202E⟩`. `block`: line feeds and tabs are shown as what they are. Joiners and
* selectors stay inside an emoji.
*/
function showText(raw, block) {
	const codes = Array.from(raw, (character) => character.codePointAt(0));
	let [text, hidden] = ["", 0];
	for (const [place, code] of codes.entries()) if (block && (code === lineFeed || code === tab) || isPlain(codes, place) || isInsideEmoji(codes, place)) text += String.fromCodePoint(code);
	else {
		text += writeOut(code);
		hidden += 1;
	}
	return {
		text,
		hidden
	};
}
/** `⟨U+000A⟩` for a line feed. */
function writeOut(code) {
	return `⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
}
/** At most `most` characters, and how many there are where some are left out. */
function shorten(text, most) {
	const characters = Array.from(text);
	return characters.length > most ? `${characters.slice(0, most).join("")}… (${characters.length} characters)` : text;
}
function isPlain(codes, place) {
	const code = codes[place];
	return !(code === 10216 && codes[place + 1] === 85 && codes[place + 2] === 43) && !hiddenRanges.some(({ low, high }) => low <= code && code <= high);
}
function isInsideEmoji(codes, place) {
	const before = codes[place - 1];
	if (codes[place] === emojiSelector) return isPictograph(before);
	return codes[place] === zeroWidthJoiner && (before === emojiSelector || isPictograph(before)) && isPictograph(codes[place + 1]);
}
function isPictograph(code) {
	if (code === void 0 || code === 10240) return false;
	return code >= 8592 && code <= 11263 || code >= 126976 && code <= 129791;
}
// packages/verifier/src/descriptor.ts
var fieldFormats = [...[
	"text",
	"long_text",
	"markdown",
	"html",
	"code",
	"account",
	"url",
	"date",
	"image",
	"sha256"
], ...[
	"money",
	"currency",
	"integer",
	"decimal",
	"bytes",
	"boolean"
]];
/** It is shown as it is, so nothing in it may hide or move anything. */
var words$1 = (value, where) => {
	return typeof value === "string" && /^[^]{1,300}$/.test(value) && showText(value, false).hidden === 0 ? null : {
		where,
		detail: "a text of 1 to 300 characters that can all be seen belongs here"
	};
};
var name = text(/^[a-z][a-z0-9_]{0,63}$/, "a name of a-z, 0-9 and _");
var pointer = text(/^(?:\/(?:[^~/*]|~0|~1)+|\/\*)+$/, "a pointer");
var currency = text(/^[A-Z]{3}$/, "a currency");
var field = members({
	path: text(/^\/(?:target|request\/body)(?:\/|$)/, "a pointer below /target or /request/body"),
	label: words$1,
	group: words$1,
	format: oneOf(...fieldFormats),
	must_see: truth
}, "others");
/** Members that a field may have. */
var optional = {
	path: pointer,
	currency_at: pointer,
	slot: name,
	wire: oneOf("number")
};
var descriptor = members({
	id: text(/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/, "provider.operation"),
	version: integer(1),
	provider: name,
	operation: name,
	title: words$1,
	tier: oneOf("A", "B", "C"),
	request: members({
		method: oneOf("GET", "POST", "PUT", "PATCH", "DELETE"),
		path: text(/^(?:\/(?:[A-Za-z0-9._~-]+|\{[a-z][a-z0-9_]*\}))+$/, "a path"),
		encoding: oneOf("json", "form")
	}, "others"),
	fee: orNull(members({
		amount_minor: integer(0),
		currency
	}, "others")),
	sentence: words$1,
	seen_by: words$1,
	fields: list((value, where) => field(value, where) ?? members(optionalOf(value), "others")(value, where)),
	undo: members({ text: words$1 }, "others"),
	approval: members({
		all_of: list(members({
			role: oneOf("approver", "admin"),
			count: integer(1)
		}, "others"), 1),
		step_up: oneOf("passkey", "preferred", "none"),
		decide_within_seconds: integer(0),
		execute_within_seconds: integer(0),
		hold_seconds: integer(0)
	}, "others"),
	grant: orNull(members({ execute_within_seconds: integer(0) }, "others"))
}, "others");
function optionalOf(value) {
	return Object.fromEntries(Object.entries(optional).filter(([member]) => Object.hasOwn(value, member)));
}
/** In UTF-16 units. What is longer could keep whoever verifies it busy for as long as somebody likes. */
var mostCharacters = 65536;
/** The descriptor that a canonical text holds, or in a sentence why there is none. */
function readDescriptor(canonical) {
	if (canonical.length > mostCharacters) return `it is longer than ${mostCharacters} characters`;
	let value;
	try {
		value = readJson(canonical, 32);
		if (toCanonicalEvent(value) !== canonical) return "it is not in its canonical form";
	} catch (error) {
		return `it cannot be read: ${error.message}`;
	}
	const misfit = descriptor(value, "");
	if (misfit !== null) return `nothing can be drawn by it: ${misfit.where === "" ? "" : `${misfit.where}: `}${misfit.detail}`;
	return value;
}
// packages/verifier/src/check-descriptor.ts
/** The descriptor is the one that the revision names, and is about this kind of action. */
var checkDescriptor = ({ descriptor: text, revision }, { payload }) => {
	const where = "descriptor";
	const named = revision.descriptor;
	if (text === null && named === null) return { descriptor: null };
	if (text === null) return {
		where,
		detail: "the revision names a descriptor, and there is none"
	};
	if (named === null) return {
		where,
		detail: "the revision names no descriptor, and there is one"
	};
	const descriptor = readDescriptor(text);
	if (typeof descriptor === "string") return {
		where,
		detail: descriptor
	};
	const hash = sha256Hex(text);
	if (hash !== named.sha256) return {
		where: "revision.descriptor.sha256",
		detail: `the descriptor has the hash ${hash}`
	};
	if (descriptor.id !== named.id) return {
		where: "revision.descriptor.id",
		detail: `the descriptor is ${descriptor.id}`
	};
	if (descriptor.version !== named.version) return {
		where: "revision.descriptor.version",
		detail: `the descriptor has version ${descriptor.version}`
	};
	if (descriptor.provider !== payload.provider || descriptor.operation !== payload.operation) return {
		where,
		detail: "it describes another kind of action than the payload is"
	};
	return { descriptor };
};
// packages/verifier/src/field-path.ts
/** A path as a JSON pointer (RFC 6901). */
function toPointer(path) {
	return path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
/** The path of the descriptor's field that would speak about a place: `*` for places in lists, and never for a key. */
function toFieldPath(path) {
	return path.map((step) => typeof step === "number" ? "/*" : step === "*" ? "/~*" : toPointer([step])).join("");
}
// packages/verifier/src/encode-request.ts
/** A decimal that may travel as a JSON number: `38.00`, `-0.5`; not `1e3`, `-0`, `007`. */
function isDecimal(value) {
	if (typeof value !== "string" || /^-0(?:\.0+)?$/.test(value)) return false;
	return /^-?(?:0|[1-9][0-9]{0,39})(?:\.[0-9]{1,20})?$/.test(value);
}
/** Whether a form can carry a value: one text, number or truth value, or a list of texts and numbers that its commas keep apart. */
function fitsForm(value) {
	if (!Array.isArray(value)) return value !== null && typeof value !== "object";
	return value.length > 0 && value.every((item) => typeof item === "number" || typeof item === "string" && item.length > 0 && !item.includes(","));
}
/** The bytes of the body that the approved payload is sent as. Without a descriptor as JSON; no body: no bytes. */
function encodeRequest(payload, descriptor) {
	const { body } = payload.request;
	if (body === null) return /* @__PURE__ */ new Uint8Array();
	if (descriptor?.request.encoding === "form") return toUtf8(writeForm(body));
	return toUtf8(writeJson(body, ["request", "body"], new Set(descriptor?.fields.filter(({ wire }) => wire === "number").map(({ path }) => path))));
}
/** Canonical JSON, in which decimals at the places of `numbers` are written as numbers, digit by digit. */
function writeJson(value, path, numbers) {
	if (Array.isArray(value)) return `[${value.map((item, place) => writeJson(item, [...path, place], numbers)).join(",")}]`;
	if (typeof value === "object" && value !== null) return `{${Object.keys(value).toSorted().map((key) => `${toCanonicalEvent(key)}:${writeJson(value[key], [...path, key], numbers)}`).join(",")}}`;
	return isDecimal(value) && numbers.has(toFieldPath(path)) ? value : toCanonicalEvent(value);
}
/** `application/x-www-form-urlencoded` (WHATWG URL, section 5.2), in the order of the names; what it cannot say travels as canonical JSON. */
function writeForm(body) {
	return (typeof body === "object" && body !== null && !Array.isArray(body) ? Object.keys(body).toSorted().map((name) => [name, body[name]]) : [["", body]]).map(([name, value]) => `${writePercent(name)}=${writePercent(toFormText(value))}`).join("&");
}
function toFormText(value) {
	if (!fitsForm(value)) return toCanonicalEvent(value);
	return Array.isArray(value) ? value.join(",") : String(value);
}
function writePercent(text) {
	let written = "";
	for (const byte of toUtf8(text)) {
		const character = String.fromCharCode(byte);
		if (/[A-Za-z0-9*._-]/.test(character)) written += character;
		else written += byte === 32 ? "+" : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
	}
	return written;
}
// packages/verifier/src/explain-payload.ts
var every = (path, label, format, must_see = false) => {
	return {
		path,
		label,
		group: "What it is",
		format,
		must_see
	};
};
var cost = {
	...every("/cost/amount_minor", "Cost now", "money", true),
	currency_at: "/cost/currency"
};
var noCost = every("/cost", "Cost now", "money");
var noBody = every("/request/body", "Request body", "text");
var envelope = [
	every("/provider", "Provider", "text"),
	every("/operation", "Operation", "text"),
	every("/mode", "Mode", "text", true),
	cost,
	noCost,
	every("/cost/currency", "Cost currency", "currency"),
	every("/request/method", "Request method", "text"),
	every("/request/path", "Request path", "text"),
	every("/v", "Payload version", "integer")
];
var noFiles = {
	...every("/files", "Files", "text"),
	group: "Files"
};
var files = [
	noFiles,
	{
		...every("/files/*/name", "File name", "text", true),
		group: "Files"
	},
	{
		...every("/files/*/sha256", "File seal", "sha256"),
		group: "Files"
	},
	{
		...every("/files/*/size_bytes", "File size", "bytes"),
		group: "Files"
	}
];
/**
* Every value of a payload with what explains it: its place is spoken about, and it fits the format. What nothing explains comes first, then
* group by group, in the order in which the descriptor names them.
*/
function explainPayload(payload, descriptor) {
	const leaves = listLeaves(payload, []);
	if (descriptor === null) return leaves;
	const explained = leaves.map((leaf) => ({
		...leaf,
		by: explain(payload, descriptor, leaf)
	}));
	const inOrder = [
		...envelope,
		noBody,
		...descriptor.fields,
		...files
	];
	const groups = [...new Set(inOrder.map(({ group }) => group))];
	const rank = /* @__PURE__ */ new Map();
	for (const group of groups) for (const { path } of inOrder.filter((field) => field.group === group)) {
		rank.delete(path);
		rank.set(path, 0);
	}
	for (const [place, path] of [...rank.keys()].entries()) rank.set(path, place + 1);
	const placeOf = ({ by }) => by === null ? 0 : rank.get(by.path);
	return explained.toSorted((one, other) => placeOf(one) - placeOf(other));
}
/** The currency that belongs to an amount; null where there is none beside it. */
function findCurrency(payload, { path }, by) {
	if (by.currency_at === void 0) return null;
	const places = path.filter((step) => typeof step === "number");
	let found = payload;
	for (const step of by.currency_at.slice(1).split("/")) {
		const key = step === "*" ? String(places.shift() ?? "*") : step.replaceAll("~1", "/").replaceAll("~0", "~");
		if (typeof found !== "object" || found === null || !Object.hasOwn(found, key)) return null;
		if (Array.isArray(found) && !/^(?:0|[1-9][0-9]*)$/.test(key)) return null;
		found = found[key];
	}
	return isCurrency(found) ? found : null;
}
function listLeaves(value, path) {
	const children = Array.isArray(value) ? [...value.entries()] : typeof value === "object" && value !== null ? Object.keys(value).toSorted().map((key) => [key, value[key]]) : [];
	if (children.length > 0) return children.flatMap(([step, item]) => listLeaves(item, [...path, step]));
	return [{
		path,
		pointer: toPointer(path),
		value,
		by: null
	}];
}
function explain(payload, descriptor, leaf) {
	const { pointer, value } = leaf;
	const { request, fee } = descriptor;
	if (pointer === "/request/method" && value !== request.method) return null;
	if (pointer === "/request/path" && value !== fillPath(request.path, payload.target)) return null;
	if (fee !== null && pointer === "/cost") return null;
	if (fee !== null && pointer === "/cost/amount_minor" && value !== fee.amount_minor) return null;
	if (fee !== null && pointer === "/cost/currency" && value !== fee.currency) return null;
	if (request.encoding === "form" && !survivesForm(payload.request.body, leaf)) return null;
	if (pointer === "/request/body" && value === null) return noBody;
	if (pointer === "/cost" && value === null) return noCost;
	if (pointer === "/files" && Array.isArray(value)) return noFiles;
	const path = toFieldPath(leaf.path);
	const known = [
		...descriptor.fields,
		...envelope,
		...files
	];
	if (Array.isArray(value)) {
		const listed = known.find((field) => field.path === `${path}/*` || field.path.startsWith(`${path}/*/`));
		return listed === void 0 ? null : known.findLast((field) => field.path === listed.path);
	}
	const field = known.findLast((one) => one.path === path);
	return field !== void 0 && fits(payload, leaf, field) ? field : null;
}
function fillPath(template, target) {
	let usable = true;
	const path = template.replaceAll(/\{([a-z][a-z0-9_]*)\}/g, (_slot, key) => {
		const value = Object.hasOwn(target, key) ? String(target[key]) : "";
		usable &&= /^[A-Za-z0-9._~-]{1,64}$/.test(value) && value !== "." && value !== "..";
		return value;
	});
	return usable ? path : null;
}
/** Whether a form can say what stands here; what it would change on its way is not what somebody read. */
function survivesForm(body, { path }) {
	if (path[0] !== "request" || path[1] !== "body" || body === null) return true;
	const name = path[2];
	return typeof body === "object" && !Array.isArray(body) && typeof name === "string" && fitsForm(body[name]);
}
function fits(payload, leaf, field) {
	const { value } = leaf;
	switch (field.format) {
		case "money": return typeof value === "number" && findCurrency(payload, leaf, field) !== null;
		case "integer":
		case "bytes": return typeof value === "number";
		case "boolean": return typeof value === "boolean";
		case "currency": return isCurrency(value);
		case "decimal": return isDecimal(value);
		case "url": return typeof value === "string" && /^https?:\/\/[^\s/]/.test(value);
		case "date": return typeof value === "string" && /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?Z)?$/.test(value);
		case "image":
		case "sha256": return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
		default: return typeof value === "string";
	}
}
function isCurrency(value) {
	return typeof value === "string" && /^[A-Z]{3}$/.test(value);
}
// packages/verifier/src/money-text.ts
var decimals = new Map([
	[0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"],
	[3, "BHD IQD JOD KWD LYD OMR TND"],
	[4, "CLF UYW"],
	[2, "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD YER ZAR ZMW"]
].flatMap(([count, codes]) => codes.split(" ").map((code) => [code, count])));
/** `€38.00`, `CHF 1,234.50`, `JPY 500`; a currency that is not known keeps its minor units, `3800 minor units of XYZ`. */
function writeMoney(minor, currency) {
	const count = decimals.get(currency);
	if (count === void 0) return `${minor} minor units of ${currency}`;
	const digits = String(Math.abs(minor)).padStart(count + 1, "0");
	const point = digits.length - count;
	let whole = "";
	for (const [place, digit] of Array.from(digits.slice(0, point)).entries()) {
		if (place > 0 && (point - place) % 3 === 0) whole += ",";
		whole += digit;
	}
	const sign = {
		EUR: "€",
		GBP: "£",
		USD: "$"
	}[currency] ?? `${currency} `;
	return `${minor < 0 ? "-" : ""}${sign}${whole}${count > 0 ? `.${digits.slice(point)}` : ""}`;
}
// packages/verifier/src/seal-words.ts
/** The English list of BIP-39: 2,048 words in its order. */
var words = `
abandon ability able about above absent absorb abstract absurd abuse access accident account accuse achieve acid acoustic acquire across act
action actor actress actual adapt add addict address adjust admit adult advance advice aerobic affair afford afraid again age agent agree ahead
aim air airport aisle alarm album alcohol alert alien all alley allow almost alone alpha already also alter always amateur amazing among amount
amused analyst anchor ancient anger angle angry animal ankle announce annual another answer antenna antique anxiety any apart apology appear
apple approve april arch arctic area arena argue arm armed armor army around arrange arrest arrive arrow art artefact artist artwork ask aspect
assault asset assist assume asthma athlete atom attack attend attitude attract auction audit august aunt author auto autumn average avocado
avoid awake aware away awesome awful awkward axis baby bachelor bacon badge bag balance balcony ball bamboo banana banner bar barely bargain
barrel base basic basket battle beach bean beauty because become beef before begin behave behind believe below belt bench benefit best betray
better between beyond bicycle bid bike bind biology bird birth bitter black blade blame blanket blast bleak bless blind blood blossom blouse
blue blur blush board boat body boil bomb bone bonus book boost border boring borrow boss bottom bounce box boy bracket brain brand brass brave
bread breeze brick bridge brief bright bring brisk broccoli broken bronze broom brother brown brush bubble buddy budget buffalo build bulb bulk
bullet bundle bunker burden burger burst bus business busy butter buyer buzz cabbage cabin cable cactus cage cake call calm camera camp can
canal cancel candy cannon canoe canvas canyon capable capital captain car carbon card cargo carpet carry cart case cash casino castle casual cat
catalog catch category cattle caught cause caution cave ceiling celery cement census century cereal certain chair chalk champion change chaos
chapter charge chase chat cheap check cheese chef cherry chest chicken chief child chimney choice choose chronic chuckle chunk churn cigar
cinnamon circle citizen city civil claim clap clarify claw clay clean clerk clever click client cliff climb clinic clip clock clog close cloth
cloud clown club clump cluster clutch coach coast coconut code coffee coil coin collect color column combine come comfort comic common company
concert conduct confirm congress connect consider control convince cook cool copper copy coral core corn correct cost cotton couch country
couple course cousin cover coyote crack cradle craft cram crane crash crater crawl crazy cream credit creek crew cricket crime crisp critic crop
cross crouch crowd crucial cruel cruise crumble crunch crush cry crystal cube culture cup cupboard curious current curtain curve cushion custom
cute cycle dad damage damp dance danger daring dash daughter dawn day deal debate debris decade december decide decline decorate decrease deer
defense define defy degree delay deliver demand demise denial dentist deny depart depend deposit depth deputy derive describe desert design desk
despair destroy detail detect develop device devote diagram dial diamond diary dice diesel diet differ digital dignity dilemma dinner dinosaur
direct dirt disagree discover disease dish dismiss disorder display distance divert divide divorce dizzy doctor document dog doll dolphin domain
donate donkey donor door dose double dove draft dragon drama drastic draw dream dress drift drill drink drip drive drop drum dry duck dumb dune
during dust dutch duty dwarf dynamic eager eagle early earn earth easily east easy echo ecology economy edge edit educate effort egg eight
either elbow elder electric elegant element elephant elevator elite else embark embody embrace emerge emotion employ empower empty enable enact
end endless endorse enemy energy enforce engage engine enhance enjoy enlist enough enrich enroll ensure enter entire entry envelope episode
equal equip era erase erode erosion error erupt escape essay essence estate eternal ethics evidence evil evoke evolve exact example excess
exchange excite exclude excuse execute exercise exhaust exhibit exile exist exit exotic expand expect expire explain expose express extend extra
eye eyebrow fabric face faculty fade faint faith fall false fame family famous fan fancy fantasy farm fashion fat fatal father fatigue fault
favorite feature february federal fee feed feel female fence festival fetch fever few fiber fiction field figure file film filter final find
fine finger finish fire firm first fiscal fish fit fitness fix flag flame flash flat flavor flee flight flip float flock floor flower fluid
flush fly foam focus fog foil fold follow food foot force forest forget fork fortune forum forward fossil foster found fox fragile frame
frequent fresh friend fringe frog front frost frown frozen fruit fuel fun funny furnace fury future gadget gain galaxy gallery game gap garage
garbage garden garlic garment gas gasp gate gather gauge gaze general genius genre gentle genuine gesture ghost giant gift giggle ginger giraffe
girl give glad glance glare glass glide glimpse globe gloom glory glove glow glue goat goddess gold good goose gorilla gospel gossip govern gown
grab grace grain grant grape grass gravity great green grid grief grit grocery group grow grunt guard guess guide guilt guitar gun gym habit
hair half hammer hamster hand happy harbor hard harsh harvest hat have hawk hazard head health heart heavy hedgehog height hello helmet help hen
hero hidden high hill hint hip hire history hobby hockey hold hole holiday hollow home honey hood hope horn horror horse hospital host hotel
hour hover hub huge human humble humor hundred hungry hunt hurdle hurry hurt husband hybrid ice icon idea identify idle ignore ill illegal
illness image imitate immense immune impact impose improve impulse inch include income increase index indicate indoor industry infant inflict
inform inhale inherit initial inject injury inmate inner innocent input inquiry insane insect inside inspire install intact interest into invest
invite involve iron island isolate issue item ivory jacket jaguar jar jazz jealous jeans jelly jewel job join joke journey joy judge juice jump
jungle junior junk just kangaroo keen keep ketchup key kick kid kidney kind kingdom kiss kit kitchen kite kitten kiwi knee knife knock know lab
label labor ladder lady lake lamp language laptop large later latin laugh laundry lava law lawn lawsuit layer lazy leader leaf learn leave
lecture left leg legal legend leisure lemon lend length lens leopard lesson letter level liar liberty library license life lift light like limb
limit link lion liquid list little live lizard load loan lobster local lock logic lonely long loop lottery loud lounge love loyal lucky luggage
lumber lunar lunch luxury lyrics machine mad magic magnet maid mail main major make mammal man manage mandate mango mansion manual maple marble
march margin marine market marriage mask mass master match material math matrix matter maximum maze meadow mean measure meat mechanic medal
media melody melt member memory mention menu mercy merge merit merry mesh message metal method middle midnight milk million mimic mind minimum
minor minute miracle mirror misery miss mistake mix mixed mixture mobile model modify mom moment monitor monkey monster month moon moral more
morning mosquito mother motion motor mountain mouse move movie much muffin mule multiply muscle museum mushroom music must mutual myself mystery
myth naive name napkin narrow nasty nation nature near neck need negative neglect neither nephew nerve nest net network neutral never news next
nice night noble noise nominee noodle normal north nose notable note nothing notice novel now nuclear number nurse nut oak obey object oblige
obscure observe obtain obvious occur ocean october odor off offer office often oil okay old olive olympic omit once one onion online only open
opera opinion oppose option orange orbit orchard order ordinary organ orient original orphan ostrich other outdoor outer output outside oval
oven over own owner oxygen oyster ozone pact paddle page pair palace palm panda panel panic panther paper parade parent park parrot party pass
patch path patient patrol pattern pause pave payment peace peanut pear peasant pelican pen penalty pencil people pepper perfect permit person
pet phone photo phrase physical piano picnic picture piece pig pigeon pill pilot pink pioneer pipe pistol pitch pizza place planet plastic plate
play please pledge pluck plug plunge poem poet point polar pole police pond pony pool popular portion position possible post potato pottery
poverty powder power practice praise predict prefer prepare present pretty prevent price pride primary print priority prison private prize
problem process produce profit program project promote proof property prosper protect proud provide public pudding pull pulp pulse pumpkin punch
pupil puppy purchase purity purpose purse push put puzzle pyramid quality quantum quarter question quick quit quiz quote rabbit raccoon race
rack radar radio rail rain raise rally ramp ranch random range rapid rare rate rather raven raw razor ready real reason rebel rebuild recall
receive recipe record recycle reduce reflect reform refuse region regret regular reject relax release relief rely remain remember remind remove
render renew rent reopen repair repeat replace report require rescue resemble resist resource response result retire retreat return reunion
reveal review reward rhythm rib ribbon rice rich ride ridge rifle right rigid ring riot ripple risk ritual rival river road roast robot robust
rocket romance roof rookie room rose rotate rough round route royal rubber rude rug rule run runway rural sad saddle sadness safe sail salad
salmon salon salt salute same sample sand satisfy satoshi sauce sausage save say scale scan scare scatter scene scheme school science scissors
scorpion scout scrap screen script scrub sea search season seat second secret section security seed seek segment select sell seminar senior
sense sentence series service session settle setup seven shadow shaft shallow share shed shell sheriff shield shift shine ship shiver shock shoe
shoot shop short shoulder shove shrimp shrug shuffle shy sibling sick side siege sight sign silent silk silly silver similar simple since sing
siren sister situate six size skate sketch ski skill skin skirt skull slab slam sleep slender slice slide slight slim slogan slot slow slush
small smart smile smoke smooth snack snake snap sniff snow soap soccer social sock soda soft solar soldier solid solution solve someone song
soon sorry sort soul sound soup source south space spare spatial spawn speak special speed spell spend sphere spice spider spike spin spirit
split spoil sponsor spoon sport spot spray spread spring spy square squeeze squirrel stable stadium staff stage stairs stamp stand start state
stay steak steel stem step stereo stick still sting stock stomach stone stool story stove strategy street strike strong struggle student stuff
stumble style subject submit subway success such sudden suffer sugar suggest suit summer sun sunny sunset super supply supreme sure surface
surge surprise surround survey suspect sustain swallow swamp swap swarm swear sweet swift swim swing switch sword symbol symptom syrup system
table tackle tag tail talent talk tank tape target task taste tattoo taxi teach team tell ten tenant tennis tent term test text thank that theme
then theory there they thing this thought three thrive throw thumb thunder ticket tide tiger tilt timber time tiny tip tired tissue title toast
tobacco today toddler toe together toilet token tomato tomorrow tone tongue tonight tool tooth top topic topple torch tornado tortoise toss
total tourist toward tower town toy track trade traffic tragic train transfer trap trash travel tray treat tree trend trial tribe trick trigger
trim trip trophy trouble truck true truly trumpet trust truth try tube tuition tumble tuna tunnel turkey turn turtle twelve twenty twice twin
twist two type typical ugly umbrella unable unaware uncle uncover under undo unfair unfold unhappy uniform unique unit universe unknown unlock
until unusual unveil update upgrade uphold upon upper upset urban urge usage use used useful useless usual utility vacant vacuum vague valid
valley valve van vanish vapor various vast vault vehicle velvet vendor venture venue verb verify version very vessel veteran viable vibrant
vicious victory video view village vintage violin virtual virus visa visit visual vital vivid vocal voice void volcano volume vote voyage wage
wagon wait walk wall walnut want warfare warm warrior wash wasp waste water wave way wealth weapon wear weasel weather web wedding weekend weird
welcome west wet whale what wheat wheel when where whip whisper wide width wife wild will win window wine wing wink winner winter wire wisdom
wise wish witness wolf woman wonder wood wool word work world worry worth wrap wreck wrestle wrist write wrong yard year yellow you young youth
zebra zero zone zoo
`.trim().split(/\s/);
/** Five words for the first 55 bits of a SHA-256 (64 lower-case hex digits), joined by hyphens: how approvers are shown a hash. */
function toSeal(hash) {
	const bits = Array.from(hexToBytes(hash).subarray(0, 7), (byte) => byte.toString(2).padStart(8, "0")).join("");
	return [
		0,
		11,
		22,
		33,
		44
	].map((from) => words[Number.parseInt(bits.slice(from, from + 11), 2)]).join("-");
}
var mostInSentence = 160;
/** Draws a payload as its approvers saw it. `descriptor` is one for this kind of action, or null: nobody has described it. */
function drawAction(payload, descriptor) {
	const leaves = explainPayload(payload, descriptor);
	const fields = leaves.map((leaf) => drawField(payload, leaf));
	const unexplained = leaves.filter(({ by }) => by === null).length;
	const { parts: sentence, missing } = drawSentence(payload, descriptor, leaves, fields);
	const drawn = {
		title: descriptor?.title ?? `${payload.provider}.${payload.operation}`,
		sentence_text: sentence.map(({ text }) => text).join(""),
		blind: unexplained + missing.length > 0,
		cost_text: payload.cost === null ? descriptor === null ? "not known" : "nothing" : writeMoney(payload.cost.amount_minor, payload.cost.currency),
		undo_text: descriptor?.undo.text ?? "not known, treat as none",
		seen_by_text: descriptor?.seen_by ?? "not known, treat as everyone"
	};
	const coverage = {
		explained: leaves.length - unexplained,
		present: leaves.length,
		missing
	};
	const hash = sha256.create();
	for (const line of [
		{
			renderer_version: "3",
			...drawn
		},
		...sentence,
		...fields,
		coverage
	]) hash.update(toUtf8(`${toCanonicalEvent(line)}\n`));
	return {
		...drawn,
		sentence,
		fields,
		coverage,
		display_sha256: bytesToHex(hash.digest())
	};
}
function drawField(payload, leaf) {
	const { pointer, by } = leaf;
	if (by === null) {
		const { text, hidden } = showText(toCanonicalEvent(leaf.value), false);
		return {
			pointer,
			label: showText(pointer, false).text,
			format: "unexplained",
			value_text: text,
			group: "Unexplained",
			must_see: true,
			hidden_characters: hidden
		};
	}
	const { text, hidden } = drawValue(payload, leaf, by);
	const places = leaf.path.filter((step) => typeof step === "number").map((place) => ` ${place + 1}`);
	return {
		pointer,
		label: `${by.label}${places.join("")}`,
		format: by.format,
		value_text: text,
		group: by.group,
		must_see: by.must_see,
		hidden_characters: hidden
	};
}
function drawValue(payload, leaf, by) {
	const { value } = leaf;
	if (typeof value === "string" && by.format !== "sha256" && by.format !== "image") return showText(value, [
		"long_text",
		"markdown",
		"html",
		"code"
	].includes(by.format));
	return {
		text: drawPlain(payload, leaf, by),
		hidden: 0
	};
}
function drawPlain(payload, leaf, by) {
	const { value } = leaf;
	if (typeof value === "string") return toSeal(value);
	if (typeof value === "boolean") return value ? "yes" : "no";
	if (typeof value !== "number") return "none";
	if (by.format === "money") return writeMoney(value, findCurrency(payload, leaf, by) ?? "no currency");
	return by.format === "bytes" ? `${value} bytes` : String(value);
}
function drawSentence(payload, descriptor, leaves, fields) {
	const parts = [];
	const missing = [];
	if (descriptor === null) {
		parts.push({ text: `send ${payload.request.method} ` }, {
			text: shorten(showText(payload.request.path, false).text, mostInSentence),
			value: true
		});
		parts.push({ text: ` to ${payload.provider}: none of its ${fields.length} values can be explained` });
	} else {
		for (const piece of descriptor.sentence.split(/(\{[a-z_]+\})/)) {
			if (!/^\{[a-z_]+\}$/.test(piece)) {
				if (piece !== "") parts.push({ text: piece });
				continue;
			}
			const slot = piece.slice(1, -1);
			const place = leaves.findIndex(({ by }) => by?.slot === slot);
			if (place === -1) missing.push(slot);
			parts.push({
				text: place === -1 ? "(not given)" : toSlotText(fields[place].value_text),
				value: true
			});
		}
		const count = leaves.filter(({ by }) => by === null).length;
		if (count > 0) parts.push({ text: `, and ${count} value${count === 1 ? "" : "s"} that cannot be explained` });
	}
	if (payload.mode === "dry_run") parts.push({ text: ", as a dry run: nothing is sent" });
	return {
		parts,
		missing
	};
}
/** On one line, without a quotation mark that could end the one around it. */
function toSlotText(text) {
	return shorten(text.replaceAll(/[«»\n\t]/g, (character) => writeOut(character.codePointAt(0))), mostInSentence);
}
// packages/verifier/src/check-display.ts
/** What every approver had before them is what the payload shows. */
var checkDisplay = (_receipt, { drawn, approvals }) => {
	for (const { where, display_sha256, signature } of approvals) {
		if (display_sha256 === drawn.display_sha256) continue;
		const version = signature === null ? "3" : JSON.parse(signature.statement).renderer_version;
		const detail = version === "3" ? "they were shown something else than this payload" : `it was drawn by version ${version} of the rules`;
		return {
			where: `${where}.display_sha256`,
			detail: `${detail}: version 3 gives ${drawn.display_sha256}`
		};
	}
	return {};
};
// packages/verifier/src/cbor.ts
var maxDepth = 8;
/**
* The first item of bytes in CBOR (RFC 8949), and where it ends. Strict: definite lengths, the shortest form, no tags and no fractions, no
* key twice. Throws Error for everything else.
*/
function readCbor(bytes, from = 0) {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	let offset = from;
	return {
		value: readItem(0),
		end: offset
	};
	function readItem(depth) {
		if (depth > maxDepth) throw new Error("CBOR is nested too deep");
		const first = take(1)[0];
		const major = first >> 5;
		if (major === 7) return readSimple(first);
		const count = readCount(first & 31);
		if (major === 0) return count;
		if (major === 1) return -1 - count;
		if (major === 2) return take(count);
		if (major === 3) return new TextDecoder("utf-8", {
			fatal: true,
			ignoreBOM: true
		}).decode(take(count));
		if (major === 4) return readList(count, depth);
		if (major === 5) return readMap(count, depth);
		throw new Error("CBOR has a tag");
	}
	function readSimple(first) {
		if (first === 244 || first === 245) return first === 245;
		if (first === 246) return null;
		throw new Error("CBOR has a value that is no part of WebAuthn");
	}
	function readCount(info) {
		if (info < 24) return info;
		const length = {
			24: 1,
			25: 2,
			26: 4
		}[info];
		if (length === void 0) throw new Error("CBOR has a length that is too large or not given");
		const at = offset;
		take(length);
		const count = length === 1 ? view.getUint8(at) : length === 2 ? view.getUint16(at) : view.getUint32(at);
		if (count < {
			1: 24,
			2: 256,
			4: 65536
		}[length]) throw new Error("CBOR has a number that is not in its shortest form");
		return count;
	}
	function readList(count, depth) {
		const items = [];
		for (let place = 0; place < count; place += 1) items.push(readItem(depth + 1));
		return items;
	}
	function readMap(count, depth) {
		const map = /* @__PURE__ */ new Map();
		for (let place = 0; place < count; place += 1) {
			const key = readItem(depth + 1);
			if (typeof key !== "number" && typeof key !== "string" || map.has(key)) throw new Error("CBOR has a key twice, or one that is no key");
			map.set(key, readItem(depth + 1));
		}
		return map;
	}
	function take(count) {
		if (offset + count > bytes.length) throw new Error("CBOR ends in the middle");
		offset += count;
		return bytes.subarray(offset - count, offset);
	}
}
// packages/verifier/src/authenticator-data.ts
var flag = {
	userPresent: 1,
	userVerified: 4,
	attested: 64,
	extensions: 128
};
/** Throws Error for bytes that are no authenticator data, to the last one. */
function readAuthenticatorData(bytes) {
	if (bytes.length < 37) throw new Error("authenticator data has at least 37 bytes");
	const flags = bytes[32];
	let end = 37;
	let attested = null;
	if ((flags & flag.attested) !== 0) {
		if (bytes.length < 55) throw new Error("attested data ends in the middle");
		const keyStart = 55 + (bytes[53] << 8 | bytes[54]);
		end = readCbor(bytes, keyStart).end;
		attested = {
			credentialId: bytes.subarray(55, keyStart),
			publicKey: bytes.subarray(keyStart, end)
		};
	}
	if ((flags & flag.extensions) !== 0) {
		const extensions = readCbor(bytes, end);
		if (!(extensions.value instanceof Map)) throw new Error("extensions are no map");
		end = extensions.end;
	}
	if (end !== bytes.length) throw new Error("something follows the authenticator data");
	return {
		rpIdHash: bytes.subarray(0, 32),
		userPresent: (flags & flag.userPresent) !== 0,
		userVerified: (flags & flag.userVerified) !== 0,
		attested
	};
}
// packages/verifier/src/check-ceremony.ts
/** What a browser says it asked an authenticator for (WebAuthn Level 3, section 5.8.1), or in a sentence what is wrong with it. */
function readClientData(bytes) {
	try {
		const value = readJson(new TextDecoder("utf-8", {
			fatal: true,
			ignoreBOM: true
		}).decode(bytes), 16);
		toCanonicalEvent(value);
		if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
		return "the client data is no object";
	} catch (error) {
		return `the client data cannot be read: ${error.message}`;
	}
}
/** Why it was not made for this kind of ceremony at this console; null: it was. */
function findForeignClientData(clientData, type, origin) {
	if (clientData["type"] !== type) return `the client data is not of type ${type}`;
	if (clientData["origin"] !== origin) return "the client data is for another origin";
	if (clientData["crossOrigin"] === true) return "it was made inside a page of another origin";
	return null;
}
/** Why the authenticator did not check its owner for this relying party; null: it did. */
function findForeignAuthenticator({ rpIdHash, userPresent, userVerified }, rpId) {
	if (!sameBytes(rpIdHash, sha256(toUtf8(rpId)))) return "the authenticator data is for another relying party";
	if (!userPresent) return "the authenticator did not find its owner present";
	if (!userVerified) return "the authenticator did not check who its owner is";
	return null;
}
// packages/verifier/src/cose-key.ts
/** RFC 9052, section 7.1, and RFC 9053: what an integer key of the map means. */
var label = {
	keyType: 1,
	algorithm: 3,
	curve: -1,
	x: -2,
	y: -3,
	modulus: -1,
	exponent: -2
};
/** Throws Error for bytes that are no key of ES256 (P-256), EdDSA (Ed25519) or RS256 (2,048 bits at least). */
function readCoseKey(bytes) {
	const { value, end } = readCbor(bytes);
	if (!(value instanceof Map) || end !== bytes.length) throw new Error("the public key is no COSE key");
	const algorithm = value.get(label.algorithm);
	if (algorithm === -7) return readEs256(value);
	if (algorithm === -8) return readEddsa(value);
	if (algorithm === -257) return readRs256(value);
	throw new Error("the public key is of an algorithm that is not taken");
}
function readEs256(map) {
	expectKind(map, 2, [
		label.curve,
		label.x,
		label.y
	]);
	if (map.get(label.curve) !== 1) throw new Error("the public key is on another curve than P-256");
	const point = /* @__PURE__ */ new Uint8Array(65);
	point[0] = 4;
	point.set(readBytes(map, label.x, 32), 1);
	point.set(readBytes(map, label.y, 32), 33);
	return {
		kind: "ES256",
		key: point,
		algorithm: {
			name: "ECDSA",
			namedCurve: "P-256",
			hash: "SHA-256"
		}
	};
}
function readEddsa(map) {
	expectKind(map, 1, [label.curve, label.x]);
	if (map.get(label.curve) !== 6) throw new Error("the public key is on another curve than Ed25519");
	const key = readBytes(map, label.x, 32);
	if (!isEd25519Point(key)) throw new Error("the public key is of small order, or not in its only form");
	return {
		kind: "EdDSA",
		key,
		algorithm: { name: "Ed25519" }
	};
}
function readRs256(map) {
	expectKind(map, 3, [label.modulus, label.exponent]);
	const modulus = readBytes(map, label.modulus, null);
	if (modulus.length < 256 || modulus.length > 1024 || modulus[0] < 128) throw new Error("the public key has fewer than 2,048 bits");
	if (modulus.at(-1) % 2 === 0) throw new Error("the public key has an even modulus");
	const exponent = readBytes(map, label.exponent, null);
	const value = exponent.length > 5 ? Infinity : exponent.reduce((before, byte) => before * 256 + byte, 0);
	if (exponent[0] === 0 || value < 3 || value >= 2 ** 33 || value % 2 === 0) throw new Error("the public key has an exponent that is not taken");
	return {
		kind: "RS256",
		key: {
			kty: "RSA",
			n: toBase64url(modulus),
			e: toBase64url(exponent)
		},
		algorithm: {
			name: "RSASSA-PKCS1-v1_5",
			hash: "SHA-256"
		}
	};
}
function expectKind(map, type, labels) {
	const known = [
		label.keyType,
		label.algorithm,
		...labels
	];
	if (map.get(label.keyType) !== type || map.size !== known.length || !known.every((one) => map.has(one))) throw new Error("the public key is of another type than its algorithm");
}
function readBytes(map, key, length) {
	const bytes = map.get(key);
	if (!(bytes instanceof Uint8Array) || bytes.length === 0 || length !== null && bytes.length !== length) throw new Error("the public key has a part of another length");
	return bytes;
}
// packages/verifier/src/der-signature.ts
/** The 64 bytes r ‖ s of an ECDSA signature on P-256 in DER (RFC 3279, section 2.2.3), which WebCrypto wants; null for what is not DER. */
function readDerSignature(der) {
	if (der[0] !== 48 || der[1] !== der.length - 2 || der.length > 72) return null;
	const r = readInteger(der, 2);
	const s = r === null ? null : readInteger(der, r.end);
	if (r === null || s === null || s.end !== der.length) return null;
	const plain = /* @__PURE__ */ new Uint8Array(64);
	plain.set(r.digits, 32 - r.digits.length);
	plain.set(s.digits, 64 - s.digits.length);
	return plain;
}
/** A positive integer of at most 32 bytes, in its shortest form. */
function readInteger(der, from) {
	const length = der[from + 1] ?? 0;
	const end = from + 2 + length;
	if (der[from] !== 2 || length === 0 || end > der.length) return null;
	const first = der[from + 2];
	if (first >= 128) return null;
	if (first !== 0) return length > 32 ? null : {
		digits: der.subarray(from + 2, end),
		end
	};
	const second = der[from + 3];
	if (length > 33 || length === 1 || second === void 0 || second < 128) return null;
	return {
		digits: der.subarray(from + 3, end),
		end
	};
}
// packages/verifier/src/check-assertion.ts
/**
* Why a statement was not signed by this passkey at its relying party, over SHA-256(domain ‖ 0x00 ‖ statement); null: it was. The passkey's
* public key has to be one. Throws MissingWebCryptoError.
*/
async function findAssertionFault(signature, passkey, domain) {
	const clientDataBytes = fromBase64url(signature.client_data);
	const clientData = readClientData(clientDataBytes);
	if (typeof clientData === "string") return clientData;
	const foreign = findForeignClientData(clientData, "webauthn.get", passkey.relying_party.origin);
	if (foreign !== null) return foreign;
	const challenge = toBase64url(sha256(toUtf8(`${domain}\0${signature.statement}`)));
	if (clientData["challenge"] !== challenge) return "it was made for another statement";
	const authenticatorBytes = fromBase64url(signature.authenticator_data);
	try {
		const unchecked = findForeignAuthenticator(readAuthenticatorData(authenticatorBytes), passkey.relying_party.id);
		if (unchecked !== null) return unchecked;
	} catch (error) {
		return error.message;
	}
	const message = new Uint8Array(authenticatorBytes.length + 32);
	message.set(authenticatorBytes);
	message.set(sha256(clientDataBytes), authenticatorBytes.length);
	const { key, kind, algorithm } = readCoseKey(fromBase64url(passkey.public_key));
	const sent = fromBase64url(signature.signature);
	const plain = kind === "ES256" ? readDerSignature(sent) : sent;
	if (plain === null || !await verifyWith(key, algorithm, plain, message)) return "it is not valid for the key of this passkey";
	return null;
}
// packages/verifier/src/check-enrolment.ts
var domain$1 = "autopack-act/1";
/**
* Each passkey was made at one and the same console, by an authenticator that checked its owner, and endorsed by one that its owner had
* before, unless it is their first. Throws MissingWebCryptoError.
*/
async function checkEnrolment({ passkeys }, { seqs }) {
	for (const [place, passkey] of passkeys.entries()) {
		const { id, origin } = passkeys[0].relying_party;
		const detail = passkey.relying_party.id !== id || passkey.relying_party.origin !== origin ? "it is of another relying party than the first" : findFault$2(passkey);
		if (detail !== null) return {
			where: `passkeys[${place}]`,
			detail
		};
	}
	for (const [place, passkey] of passkeys.entries()) {
		const { endorsement } = passkey;
		const detail = endorsement === null ? null : await findNoEndorsement(passkey, endorsement, passkeys, seqs);
		if (detail !== null) return {
			where: `passkeys[${place}].endorsement`,
			detail
		};
	}
	return {};
}
/** Why a passkey that its owner had before did not sign that there is this one, too; null: it did. */
async function findNoEndorsement(passkey, endorsement, passkeys, seqs) {
	const by = passkeys.find(({ credential_id }) => credential_id === endorsement.credential_id);
	if (by === void 0) return "the passkey that endorsed it is not in the receipt";
	if (by.operator_id !== passkey.operator_id) return "a passkey of somebody else endorsed it";
	if (seqs.get(by) >= seqs.get(passkey)) return "the passkey that endorsed it was not enrolled before it";
	const act = members({
		v: oneOf(domain$1),
		purpose: oneOf("passkey_add"),
		subject: members({
			credential_id: oneOf(passkey.credential_id),
			name: anyText
		}),
		operator: members({ sub: oneOf(passkey.operator_id) }),
		nonce: text(/^[A-Za-z0-9_-]{16,200}$/, "a nonce")
	});
	try {
		const said = readJson(endorsement.statement, 16);
		const misfit = act(said, "");
		if (misfit !== null) return `its statement says something else: ${misfit.where}: ${misfit.detail}`;
		if (toCanonicalEvent(said) !== endorsement.statement) return "its statement is not in its canonical form";
	} catch (error) {
		return `its statement cannot be read: ${error.message}`;
	}
	return findAssertionFault(endorsement, by, domain$1);
}
function findFault$2(passkey) {
	const party = passkey.relying_party;
	const clientData = readClientData(fromBase64url(passkey.client_data));
	if (typeof clientData === "string") return clientData;
	const foreign = findForeignClientData(clientData, "webauthn.create", party.origin);
	if (foreign !== null) return foreign;
	try {
		const data = readAuthenticatorData(readAttestation(fromBase64url(passkey.attestation_object)));
		const unchecked = findForeignAuthenticator(data, party.id);
		if (unchecked !== null) return unchecked;
		if (data.attested === null) return "the attestation is about no key";
		if (!sameBytes(data.attested.credentialId, fromBase64url(passkey.credential_id))) return "the attestation is about another credential";
		const publicKey = fromBase64url(passkey.public_key);
		if (!sameBytes(data.attested.publicKey, publicKey)) return "the attestation is about another key";
		readCoseKey(publicKey);
		return null;
	} catch (error) {
		return `the attestation cannot be read: ${error.message}`;
	}
}
/** The authenticator data of an attestation object. No maker is believed, so none may be named. */
function readAttestation(bytes) {
	const { value, end } = readCbor(bytes);
	if (!(value instanceof Map) || end !== bytes.length || [...value.keys()].toSorted().join() !== "attStmt,authData,fmt") throw new Error("it does not hold exactly fmt, attStmt and authData");
	const [format, statement, data] = [
		value.get("fmt"),
		value.get("attStmt"),
		value.get("authData")
	];
	if (format !== "none" && format !== "packed") throw new Error("it is in a format that is not taken");
	if (!(statement instanceof Map) || statement.has("x5c")) throw new Error("it names a maker by certificates");
	if (!(data instanceof Uint8Array)) throw new Error("its authData is no bytes");
	return data;
}
// packages/verifier/src/log-entry.ts
/** The `prev` of the first entry. */
var firstPrev = "0".repeat(64);
/** How the log is exported: then the event can be hashed as it stands, once it is known to be canonical. */
var exported = /^\{"seq":([1-9][0-9]{0,15}),"prev":"([0-9a-f]{64})","hash":"([0-9a-f]{64})","event":(\{.*\})\}$/;
/** The entry of a line of an exported log, or in a sentence what is wrong with it. */
function readLogEntry(line) {
	const parts = exported.exec(line);
	if (parts !== null && isCanonicalText(parts[4])) {
		const seq = Number(parts[1]);
		if (Number.isSafeInteger(seq)) return {
			seq,
			prev: parts[2],
			hash: parts[3],
			event: parts[4]
		};
	}
	return readOtherForm(line);
}
/** The hash that an entry should have, in hex. */
function hashLogEntry({ seq, prev, event }, sha256) {
	const most = 41 + event.length * 3;
	if (buffer.length < most) buffer = new Uint8Array(most * 2);
	new DataView(buffer.buffer).setBigUint64(1, BigInt(seq));
	buffer[0] = 1;
	buffer.set(hexToBytes(prev), 9);
	const { written } = encoder.encodeInto(event, buffer.subarray(41));
	return bytesToHex(sha256(buffer.subarray(0, 41 + written)));
}
var encoder = new TextEncoder();
var buffer = /* @__PURE__ */ new Uint8Array(16384);
/**
* Whether an object is written canonically, by the engine's own JSON, which is fast. It may only say no where it is not sure: an escape that
* V8 may misread, half of a surrogate pair, a number that JSON rounds.
*/
function isCanonicalText(text) {
	if (text.includes("\\ud") || text.includes("\\uD")) return false;
	try {
		const value = JSON.parse(text);
		return isSorted(value, 0) && JSON.stringify(value) === text && text.isWellFormed();
	} catch {
		return false;
	}
}
function isSorted(value, depth) {
	if (typeof value === "number") return Number.isSafeInteger(value);
	if (typeof value !== "object" || value === null) return true;
	if (depth >= 64) return false;
	if (Array.isArray(value)) return value.every((item) => isSorted(item, depth + 1));
	let before = null;
	for (const key in value) {
		if (before !== null && key <= before || !isSorted(value[key], depth + 1)) return false;
		before = key;
	}
	return true;
}
function readOtherForm(line) {
	let value;
	try {
		value = readJson(line, 66);
	} catch (error) {
		return `the line is not JSON: ${error.message}`;
	}
	if (!isObject$1(value)) return "the line is not an object";
	if (Object.keys(value).toSorted().join() !== "event,hash,prev,seq") return "the line must hold exactly seq, prev, hash and event";
	const { seq, prev, hash, event } = value;
	if (typeof seq !== "number" || !Number.isSafeInteger(seq) || seq < 1) return "seq is not an integer from 1";
	if (!isHash(prev)) return "prev is not 64 lower-case hex digits";
	if (!isHash(hash)) return "hash is not 64 lower-case hex digits";
	if (!isObject$1(event)) return "event is not an object";
	try {
		return {
			seq,
			prev,
			hash,
			event: toCanonicalEvent(event)
		};
	} catch (error) {
		return `its event has no canonical form: ${error.message}`;
	}
}
function isObject$1(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
function isHash(value) {
	return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}
// packages/verifier/src/check-entries.ts
/** Every entry of the log has the hash of its content, and its event is canonical. */
var checkEntries = ({ audit }) => {
	const entries = [];
	for (const [place, entry] of audit.entries()) {
		const where = `audit[${place}]`;
		const read = readEvent(entry.event);
		if (read === null) return {
			where: `${where}.event`,
			detail: "it is no object in its canonical form"
		};
		if (hashLogEntry(entry, sha256) !== entry.hash) return {
			where: `${where}.hash`,
			detail: `the content of entry ${entry.seq} has another hash`
		};
		entries.push({
			...entry,
			read,
			where
		});
	}
	return { entries };
};
function readEvent(text) {
	try {
		const value = readJson(text, 64);
		return typeof value === "object" && value !== null && !Array.isArray(value) && toCanonicalEvent(value) === text ? value : null;
	} catch {
		return null;
	}
}
// packages/verifier/src/deadlines.ts
/** Nothing is executed later than this after it was authorized, the hold included. */
var mostSeconds = 86400;
/** Until when it may be claimed that was authorized at this moment, in milliseconds. */
function executeByMs({ execute_within_seconds, hold_seconds }, authorizedAt) {
	return Date.parse(authorizedAt) + Math.min(execute_within_seconds + hold_seconds, mostSeconds) * 1e3;
}
/** As if the last approval came at the last moment: what an approval names as the end; null where that is no moment, in the year 10000. */
function latestExecuteBy(revision) {
	const latest = new Date(executeByMs(revision, revision.decide_by)).toISOString();
	return isMoment(latest) ? latest : null;
}
// packages/verifier/src/check-execution.ts
var claimedStates = [
	"EXECUTING",
	"COMPLETED",
	"FAILED",
	"UNKNOWN",
	"SIMULATED"
];
/** What was claimed is what was approved, by whom it was proposed by, and at a time when it could be. */
var checkExecution = ({ action, revision, executions }, { approvals, seqs }) => {
	const execution = executions[0];
	if (execution === void 0) return claimedStates.includes(action.state) ? {
		where: "executions",
		detail: `nothing is ${action.state} that was not claimed`
	} : {};
	if (!claimedStates.includes(action.state)) return {
		where: "executions",
		detail: `what is ${action.state} was not claimed`
	};
	const { claim, outcome, observations, resolution } = execution;
	const where = "executions[0].claim";
	if (claim.payload_hash !== revision.payload_hash) return {
		where: `${where}.payload_hash`,
		detail: "another payload was claimed"
	};
	if (claim.executor_id !== revision.requested_by.executor_id) return {
		where: `${where}.executor_id`,
		detail: "another executor claimed it"
	};
	const reports = [
		outcome,
		...observations,
		resolution
	].filter((report) => report !== null);
	const foreign = reports.find(({ execution_id }) => execution_id !== claim.execution_id);
	if (foreign !== void 0) return {
		where: "executions[0]",
		detail: `its ${foreign.record} is about another execution`
	};
	const claimSeq = seqs.get(claim);
	if (claimSeq < seqs.get(revision)) return {
		where,
		detail: "it stands in the log before what it claims"
	};
	const early = reports.find((report) => seqs.get(report) < (report === resolution ? seqs.get(outcome) : claimSeq));
	if (early !== void 0) return {
		where: "executions[0]",
		detail: `its ${early.record} stands in the log before what it is about`
	};
	const byPolicy = claim.authorized_by === "policy";
	const authorizedAt = byPolicy ? revision.created_at : approvals.map(({ decided_at }) => decided_at).reduce((one, other) => one > other ? one : other);
	const holdMs = byPolicy ? 0 : revision.hold_seconds * 1e3;
	const claimedAt = Date.parse(claim.claimed_at);
	if (claimedAt < Date.parse(authorizedAt) + holdMs) return {
		where: `${where}.claimed_at`,
		detail: "it was claimed before the hold was over"
	};
	if (claimedAt >= executeByMs(revision, authorizedAt)) return {
		where: `${where}.claimed_at`,
		detail: "it was claimed after its time was over"
	};
	return {};
};
// packages/verifier/src/merkle-tree.ts
var emptyEdge = {
	size: 0,
	roots: []
};
/** The edge with one leaf more; `hash` is the 32-byte hash of the entry. */
function appendLeaf({ size, roots }, hash, sha256$2 = sha256) {
	let root = hashLeaf(hash, sha256$2);
	let count = roots.length;
	for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) root = hashNode(roots[count -= 1], root, sha256$2);
	return {
		size: size + 1,
		roots: [...roots.slice(0, count), root]
	};
}
/** The root of the tree, 64 lower-case hex digits. Throws Error for a tree without leaves. */
function rootOf({ roots }, sha256$3 = sha256) {
	if (roots.length === 0) throw new Error("a tree without leaves has no root here");
	return bytesToHex(roots.reduceRight((right, left) => hashNode(left, right, sha256$3)));
}
/**
* The root that an inclusion proof leads to (RFC 9162, section 2.1.3.2), in hex; null where the path is not one for this place and size.
* `seq` counts from 1; hashes are 64 lower-case hex digits, the path's lowest first.
*/
function rootOfInclusion(seq, size, hash, path) {
	if (seq < 1 || seq > size) return null;
	let place = seq - 1;
	let last = size - 1;
	let root = hashLeaf(hexToBytes(hash), sha256);
	for (const step of path) {
		if (last === 0) return null;
		const sibling = hexToBytes(step);
		if (place % 2 === 1 || place === last) {
			root = hashNode(sibling, root, sha256);
			while (place % 2 === 0 && place > 0) {
				place = place / 2;
				last = Math.floor(last / 2);
			}
		} else root = hashNode(root, sibling, sha256);
		place = Math.floor(place / 2);
		last = Math.floor(last / 2);
	}
	return last === 0 ? bytesToHex(root) : null;
}
function hashLeaf(hash, sha256) {
	const leaf = /* @__PURE__ */ new Uint8Array(33);
	leaf.set(hash, 1);
	return sha256(leaf);
}
function hashNode(left, right, sha256) {
	const node = /* @__PURE__ */ new Uint8Array(65);
	node[0] = 1;
	node.set(left, 1);
	node.set(right, 33);
	return sha256(node);
}
// packages/verifier/src/check-inclusion.ts
/** Every entry is in the tree that the checkpoint is about, at its place. */
var checkInclusion = (_receipt, { entries, checkpoint }) => {
	for (const { seq, hash, path, where } of entries) if (rootOfInclusion(seq, checkpoint.size, hash, path) !== checkpoint.root) return {
		where: `${where}.path`,
		detail: `entry ${seq} is not in the log of ${checkpoint.size} entries that was checkpointed`
	};
	return {};
};
// packages/verifier/src/check-records.ts
var kindsOf = {
	approve: ["external_action.approved"],
	reject: ["external_action.rejected"],
	ask_change: ["external_action.change_asked"],
	revoke: ["external_action.revoked"],
	veto: ["external_action.vetoed"]
};
/** What these recorded is in the receipt whatever revision they name: there is one execution and one end of an approval at most. */
var kindsAlways = [
	"finished",
	"lease_lost",
	"observed",
	"resolved",
	"revoked",
	"vetoed"
].map((name) => `external_action.${name}`);
var recordKinds = /* @__PURE__ */ new Set([...[
	"proposed",
	"revised",
	"approved",
	"rejected",
	"change_asked",
	"claimed"
].map((name) => `external_action.${name}`), ...kindsAlways]);
/** Whether an event is about this action. */
function isAbout(event, actionId) {
	const about = event["approval_ref"];
	if (typeof about !== "object" || about === null || Object.keys(about).toSorted().join() !== "id,kind") return false;
	const { kind, id } = about;
	return kind === "external_action" && id === actionId;
}
/** Every record is the one that an event recorded, every event has its record, and none of them is left out. */
var checkRecords = (receipt, { entries }) => {
	const about = entries.filter(({ read }) => isAbout(read, receipt.action.id));
	const gap = about.findIndex(({ read }, place) => read["approval_ref_no"] !== place + 1);
	if (gap !== -1) return {
		where: `${about[gap].where}.event`,
		detail: `entry ${about[gap].seq} is not event ${gap + 1} about this action`
	};
	const taken = /* @__PURE__ */ new Map();
	const seqs = /* @__PURE__ */ new Map();
	for (const { where, record, hashed, kinds } of listRecords(receipt)) {
		const hash = sha256Hex(toCanonicalEvent(hashed));
		const recorded = entries.filter(({ read }) => read["record_sha256"] === hash && kinds.includes(read["event_type"]));
		if (recorded.length === 0) return {
			where,
			detail: `no event ${kinds.join(" or ")} recorded this: it has the hash ${hash}`
		};
		const [entry, second] = recorded.filter((one) => findOtherPlace(one, record, where, receipt.action.id) === null);
		if (entry === void 0) return findOtherPlace(recorded[0], record, where, receipt.action.id);
		if (second !== void 0) return {
			where,
			detail: `entry ${second.seq} recorded it once more`
		};
		if (taken.has(entry)) return {
			where,
			detail: `it stands in ${taken.get(entry)} already`
		};
		const fault = isTold(record) ? findOtherWords(entry, record, where) : null;
		if (fault !== null) return fault;
		taken.set(entry, where);
		seqs.set(record, entry.seq);
	}
	const foreign = entries.find((entry) => !taken.has(entry) && !isAbout(entry.read, receipt.action.id));
	if (foreign !== void 0) return {
		where: foreign.where,
		detail: `entry ${foreign.seq} is about something else`
	};
	const empty = about.find(({ read }) => recordKinds.has(read["event_type"]) && isNeeded(read, receipt) && (read["record_sha256"] ?? null) === null);
	if (empty !== void 0) return {
		where: empty.where,
		detail: `entry ${empty.seq} does not say what it recorded`
	};
	const forgotten = about.find((entry) => needsRecord(entry, receipt) && !taken.has(entry));
	if (forgotten !== void 0) return {
		where: forgotten.where,
		detail: `what entry ${forgotten.seq} recorded is not in the receipt`
	};
	const order = receipt.decisions.map((decision) => seqs.get(decision));
	const late = order.findIndex((seq, place) => place > 0 && seq < order[place - 1]);
	if (late !== -1) return {
		where: `decisions[${late}]`,
		detail: "the decisions are not in the order of the log"
	};
	const skipped = receipt.executions[0]?.observations.findIndex(({ no }, place) => no !== place + 1) ?? -1;
	if (skipped !== -1) return {
		where: `executions[0].observations[${skipped}].no`,
		detail: `observation ${skipped + 1} belongs here`
	};
	return {
		about,
		approvals: listApprovals(receipt, seqs),
		seqs
	};
};
/** In the order of the file. */
function listRecords(receipt) {
	const { revision, decisions, executions, passkeys } = receipt;
	const plain = (where, record, ...kinds) => record === null ? [] : [{
		where,
		record,
		hashed: record,
		kinds
	}];
	return [
		...plain("revision", revision, "external_action.proposed", "external_action.revised"),
		...decisions.map((decision, place) => {
			const { reason: _, name: __, ...hashed } = decision;
			return {
				where: `decisions[${place}]`,
				record: decision,
				hashed,
				kinds: kindsOf[decision.kind]
			};
		}),
		...executions.flatMap(({ claim, outcome, observations, resolution }) => [
			...plain("executions[0].claim", claim, "external_action.claimed"),
			...plain("executions[0].outcome", outcome, "external_action.finished", "external_action.lease_lost"),
			...observations.flatMap((record, place) => plain(`executions[0].observations[${place}]`, record, "external_action.observed")),
			...plain("executions[0].resolution", resolution, "external_action.resolved")
		]),
		...passkeys.flatMap((record, place) => plain(`passkeys[${place}]`, record, "passkey.added"))
	];
}
/** Where an event is about something else than the record whose hash it has; null: nowhere. */
function findOtherPlace({ seq, read }, record, where, actionId) {
	if (record.record === "passkey") {
		if (read["external_object_id"] !== record.credential_id) return {
			where,
			detail: `entry ${seq} is about another passkey`
		};
		if (read["auth_principal_id"] !== record.operator_id) return {
			where,
			detail: `entry ${seq} says that somebody else added it`
		};
		return null;
	}
	if (!isAbout(read, actionId)) return {
		where,
		detail: `entry ${seq} is about something else`
	};
	if ("revision" in record && read["revision"] !== record.revision) return {
		where,
		detail: `entry ${seq} is about another revision`
	};
	if ("payload_hash" in record && read["payload_hash"] !== record.payload_hash) return {
		where,
		detail: `entry ${seq} is about another payload`
	};
	return null;
}
/** Words are those of the record, by its hash, and those of the event, where it has them: they are sealed there while others are missing. */
function findOtherWords({ seq, read }, told, where) {
	if (sha256Hex(`${told.decision_id}\n${told.reason}`) !== told.reason_sha256) return {
		where: `${where}.reason`,
		detail: "the record has the hash of another reason"
	};
	const said = read["reason"];
	if (typeof said === "string" && said !== told.reason) return {
		where: `${where}.reason`,
		detail: `entry ${seq} says another reason`
	};
	if (told.name !== read["auth_principal_name"]) return {
		where: `${where}.name`,
		detail: `entry ${seq} names somebody else`
	};
	return null;
}
function isTold(record) {
	return record.record === "decision" || record.record === "revocation";
}
function needsRecord({ read }, receipt) {
	return (read["record_sha256"] ?? null) !== null && isNeeded(read, receipt);
}
function isNeeded(read, { action }) {
	return read["revision"] === action.revision || kindsAlways.includes(read["event_type"]);
}
function listApprovals(receipt, seqs) {
	return receipt.decisions.flatMap((decision, place) => {
		return decision.kind === "approve" ? [{
			...decision,
			kind: decision.kind,
			where: `decisions[${place}]`,
			seq: seqs.get(decision)
		}] : [];
	});
}
// packages/verifier/src/log-check.ts
var logStart = {
	count: 0,
	head: firstPrev,
	edge: emptyEdge,
	passed: 0,
	gap: null
};
/** Checks entries of a log against each other and against checkpoints in the order of their sizes. */
var LogCheck = class {
	#checkpoints;
	#sha256;
	constructor(checkpoints, sha256) {
		this.#checkpoints = checkpoints;
		this.#sha256 = sha256;
	}
	/** The state after one more line (an entry, or why there is none), or what does not hold. */
	take(state, entry) {
		const seq = state.count + 1;
		if (typeof entry === "string") return fault("malformed", state.gap?.seq ?? seq, entry);
		if (state.gap !== null) {
			if (entry.seq !== state.gap.seq) return { state };
			return fault("reordered", entry.seq, `seq ${state.gap.seen} stands before it`);
		}
		if (entry.seq > seq) return { state: {
			...state,
			gap: {
				seq,
				seen: entry.seq
			}
		} };
		if (entry.seq < seq) return fault("inserted", entry.seq, `a second event with seq ${entry.seq} stands where seq ${seq} belongs`);
		if (entry.prev !== state.head) return fault("changed", seq, "its prev is not the hash of the event before it: this event or one before it was replaced");
		if (hashLogEntry(entry, this.#sha256) !== entry.hash) return fault("changed", seq, "its content does not have the hash that was recorded");
		const edge = this.#checkpoints.length === 0 ? state.edge : appendLeaf(state.edge, hexToBytes(entry.hash), this.#sha256);
		return this.#pass({
			count: seq,
			head: entry.hash,
			edge,
			passed: state.passed,
			gap: null
		});
	}
	/** What does not hold of a log that ends here; null: all of it holds. */
	end(state) {
		if (state.gap !== null) {
			const { seq, seen } = state.gap;
			return fault("missing", seq, `seq ${seen} follows seq ${seq - 1}: ${seen - seq} missing`).fault;
		}
		const open = this.#checkpoints[state.passed];
		if (open === void 0) return null;
		const detail = `the log ends with seq ${state.count}, and the checkpoint of ${open.time} covers ${open.size}`;
		return {
			reason: "cut",
			seq: state.count + 1,
			until: open.size,
			detail
		};
	}
	/** Compares with every checkpoint of this size. */
	#pass(state) {
		let { passed } = state;
		for (; this.#checkpoints[passed]?.size === state.count; passed += 1) {
			const { size, head, root, time } = this.#checkpoints[passed];
			if (head === state.head && root === rootOf(state.edge, this.#sha256)) continue;
			const before = this.#checkpoints[passed - 1];
			const detail = `the chain was written anew ${before === void 0 ? `before the first checkpoint, of size ${size}` : `between the checkpoints of sizes ${before.size} and ${size}`}: entry ${size} is not the one that was checkpointed at ${time}`;
			return { fault: {
				reason: "rewritten",
				seq: (before?.size ?? 0) + 1,
				until: size,
				detail
			} };
		}
		return { state: passed === state.passed ? state : {
			...state,
			passed
		} };
	}
};
function fault(reason, seq, detail) {
	return { fault: {
		reason,
		seq,
		until: null,
		detail
	} };
}
// packages/verifier/src/verify-audit-log.ts
/** How long a check keeps a page from drawing. */
var pauseEveryMs = 50;
/**
* Verifies an exported audit log, one JSON object a line: `{"seq","prev","hash","event"}`, oldest first, from seq 1 (docs/evidence.md).
* Says at which seq the log stops being what was written, and how it differs. Reads line by line: memory does not grow with the log.
* A log cut off at its end, or written anew as a whole, still holds in itself: only checkpoints show that.
* Rejects with the signal's reason when it is aborted, and with MissingWebCryptoError where no signature can be checked.
*/
async function verifyAuditLog(lines, options = {}) {
	const { onEntry, onProgress, signal, sha256: sha256$1 = sha256 } = options;
	let checkpoints;
	try {
		const facts = {
			trusted: options.trustedKeys ?? [],
			stated: options.keys ?? [],
			rotations: options.rotations ?? []
		};
		checkpoints = await believeCheckpoints(options.checkpoints ?? [], facts);
	} catch (error) {
		if (!(error instanceof NoteError)) throw error;
		return {
			ok: false,
			reason: "checkpoint_key",
			seq: null,
			until: null,
			detail: error.message
		};
	}
	const check = new LogCheck(checkpoints, sha256$1);
	let state = logStart;
	let pausedAt = performance.now();
	for await (const line of lines) {
		if (line === "") continue;
		const entry = readLogEntry(line);
		const taken = check.take(state, entry);
		if ("fault" in taken) return {
			ok: false,
			...taken.fault
		};
		state = taken.state;
		if (typeof entry !== "string") onEntry?.(entry);
		if (state.count % 256 !== 0 || performance.now() - pausedAt < pauseEveryMs) continue;
		onProgress?.(state.count);
		await new Promise((resume) => setTimeout(resume, 0));
		signal?.throwIfAborted();
		pausedAt = performance.now();
	}
	const fault = check.end(state);
	if (fault !== null) return {
		ok: false,
		...fault
	};
	onProgress?.(state.count);
	return {
		ok: true,
		count: state.count,
		head: state.head,
		checkpoints
	};
}
// packages/verifier/src/check-log.ts
/**
* The log that the reader brought is the one that the checkpoint is about, and holds no event about the action that the receipt lacks, but
* refusals after its last. Rejects as {@link verifyAuditLog} does.
*/
async function checkLog(receipt, { about }, { lines, ...options }) {
	const { id } = receipt.action;
	const told = new Map(about.map(({ seq, hash }) => [seq, hash]));
	let unknown = null;
	let leftOut = null;
	const onEntry = ({ seq, hash, event }) => {
		if (leftOut !== null || !event.includes(id)) return;
		const read = readJson(event, 64);
		if (!isAbout(read, id)) return;
		if (told.get(seq) !== hash) unknown ??= seq;
		if (read["result_status"] !== "refused") leftOut = unknown;
	};
	const checkpoints = [receipt.checkpoint, ...options.checkpoints ?? []];
	const verdict = await verifyAuditLog(lines, {
		...options,
		keys: receipt.keys,
		checkpoints,
		onEntry
	});
	if (!verdict.ok) return {
		where: "checkpoint",
		detail: `the log does not hold against it${verdict.seq === null ? "" : ` at seq ${verdict.seq}`}: ${verdict.reason}: ${verdict.detail}`
	};
	if (leftOut !== null) return {
		where: "audit",
		detail: `entry ${String(leftOut)} of the log is about this action, and the receipt lacks it`
	};
	return { log: {
		count: verdict.count,
		head: verdict.head
	} };
}
// packages/verifier/src/judge-payload-text.ts
var maxBytes = 262144;
var maxLevels$1 = 32;
var maxMembers = 1e4;
/** The payload that a text is; null for every text that the ledger would not take. */
function readPayloadText(text) {
	const read = readCanonical(text);
	if (read === null || toUtf8(text).length > maxBytes) return null;
	return isPayload(read.value) ? read.value : null;
}
function readCanonical(text) {
	if (text.length > maxBytes) return null;
	let value;
	try {
		value = readJson(text, maxLevels$1);
		if (toCanonicalEvent(value) !== text) return null;
	} catch {
		return null;
	}
	return countMembers(value) > maxMembers ? null : { value };
}
/** Members and items in all; infinite for what the profile forbids but JSON can hold. */
function countMembers(value) {
	if (typeof value === "string") return value.includes("\0") ? Infinity : 0;
	if (typeof value !== "object" || value === null) return 0;
	let count = 0;
	for (const [key, item] of Object.entries(value)) {
		if (!Array.isArray(value) && (key === "__proto__" || key.includes("\0"))) return Infinity;
		count += 1 + countMembers(item);
	}
	return count;
}
function isPayload(value) {
	return hasMembers(value, "cost,files,mode,operation,provider,request,target,v") && value["v"] === 1 && isText(value["provider"], /^[a-z][a-z0-9_]{0,63}$/) && isText(value["operation"], /^[a-z][a-z0-9_]{0,63}$/) && (value["mode"] === "live" || value["mode"] === "dry_run") && isTarget(value["target"]) && isCost(value["cost"]) && isRequest(value["request"]) && isFiles(value["files"]);
}
function isTarget(target) {
	if (!isObject(target)) return false;
	const values = Object.values(target);
	return values.length > 0 && values.every((item) => typeof item === "number" || isText(item, /^[^]{1,500}$/));
}
function isCost(cost) {
	return cost === null || hasMembers(cost, "amount_minor,currency") && isCount(cost["amount_minor"]) && isText(cost["currency"], /^[A-Z]{3}$/);
}
function isRequest(request) {
	return hasMembers(request, "body,method,path") && isText(request["method"], /^(GET|POST|PUT|PATCH|DELETE)$/) && (request["method"] !== "GET" || request["body"] === null) && isText(request["path"], /^(?=.{1,2048}$)(\/([A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})*)+(\?([A-Za-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*)?$/) && hasPlainRoute(request["path"]);
}
/** No empty segment, no `.` or `..`, and no dot, slash, percent sign, backslash or control character in disguise. */
function hasPlainRoute(path) {
	const route = path.split("?", 1)[0];
	const hidden = route.match(/%../g)?.map((code) => Number.parseInt(code.slice(1), 16)) ?? [];
	return !/\/\/|\/\.\.?(\/|$)/.test(route) && hidden.every((code) => code >= 32 && ![
		37,
		46,
		47,
		92,
		127
	].includes(code));
}
function isFiles(files) {
	if (!Array.isArray(files)) return false;
	const names = /* @__PURE__ */ new Set();
	for (const file of files) {
		if (!hasMembers(file, "name,sha256,size_bytes")) return false;
		if (!isText(file["name"], /^[^]{1,255}$/) || !isText(file["sha256"], /^[0-9a-f]{64}$/) || !isCount(file["size_bytes"])) return false;
		names.add(file["name"]);
	}
	return names.size === files.length;
}
function isText(value, pattern) {
	return typeof value === "string" && pattern.test(value);
}
function isCount(value) {
	return typeof value === "number" && value >= 0;
}
function isObject(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
/** Exactly these members; `names` sorted, with commas between. */
function hasMembers(value, names) {
	return isObject(value) && Object.keys(value).toSorted().join() === names;
}
// packages/verifier/src/check-payload.ts
/** The payload is one, in its own canonical form, and the one that the revision is about. */
var checkPayload = ({ payload: text, revision }) => {
	const payload = readPayloadText(text);
	if (payload === null) return {
		where: "payload",
		detail: "it is no payload of version 1 in its own canonical form"
	};
	const hash = sha256Hex(text);
	if (hash !== revision.payload_hash) return {
		where: "revision.payload_hash",
		detail: `the payload has the hash ${hash}`
	};
	if (payload.mode !== revision.mode) return {
		where: "revision.mode",
		detail: `the payload says ${payload.mode}`
	};
	return { payload };
};
// packages/verifier/src/check-policy.ts
/** What is asked where nobody described the action. Nothing of it is explained, so one approver more is asked. */
var undescribed = {
	all_of: [{
		role: "approver",
		count: 1
	}],
	step_up: "passkey",
	decide_within_seconds: 86400,
	execute_within_seconds: 3600,
	hold_seconds: 0
};
/** Each is stricter than those before it. */
var stepUps = [
	"none",
	"preferred",
	"passkey"
];
/** The revision asks for what the descriptor asks: the console may not ask for less. */
var checkPolicy = ({ revision }, { payload, descriptor }) => {
	const drawn = drawAction(payload, descriptor);
	const approval = descriptor?.approval ?? undescribed;
	if (Date.parse(revision.decide_by) !== Date.parse(revision.created_at) + approval.decide_within_seconds * 1e3) return {
		where: "revision.decide_by",
		detail: `it may be decided for ${approval.decide_within_seconds} seconds`
	};
	return (revision.tier === "C" ? findLessThanPeople(revision, approval, drawn.blind) : findNoGrant(revision, descriptor, drawn.blind)) ?? { drawn };
};
/** People decide about tier C, and about what is proposed beyond its grant. */
function findLessThanPeople(revision, approval, blind) {
	const { quorum, step_up } = revision;
	const asked = approval.all_of.map(({ role, count }, group) => ({
		role,
		count: blind && group === 0 ? count + 1 : count
	}));
	const people = asked.reduce((sum, { count }) => sum + count, 0);
	if (quorum.length !== people) return {
		where: "revision.quorum",
		detail: `it takes ${people} approvals`
	};
	const places = asked.flatMap(({ role, count }, group) => Array.from({ length: count }, (_, slot) => ({
		group,
		slot,
		role
	})));
	const other = places.findIndex(({ group, slot, role }, place) => {
		const there = quorum[place];
		return there.group !== group || there.slot !== slot || there.role !== role;
	});
	if (other !== -1) {
		const { group, slot, role } = places[other];
		return {
			where: `revision.quorum[${other}]`,
			detail: `place ${slot} of group ${group} belongs here, for an ${role}`
		};
	}
	if (stepUps.indexOf(step_up) < stepUps.indexOf(approval.step_up)) return {
		where: "revision.step_up",
		detail: `its descriptor says ${approval.step_up}`
	};
	return findOtherTimes(revision, {
		hold: approval.hold_seconds,
		execute: approval.execute_within_seconds
	});
}
/** Why nobody may have left it to a policy: only what its descriptor has in tier A or B, and explains to the last value, is granted. */
function findNoGrant(revision, descriptor, blind) {
	const where = "revision.tier";
	if (descriptor?.tier !== revision.tier) return {
		where,
		detail: `its descriptor does not say that it is of tier ${revision.tier}`
	};
	if (descriptor.grant === null) return {
		where,
		detail: "its descriptor grants nothing"
	};
	if (blind) return {
		where,
		detail: "no policy authorizes what cannot be explained"
	};
	if (revision.quorum.length > 0) return {
		where: "revision.quorum",
		detail: `nobody decides about tier ${revision.tier}`
	};
	return findOtherTimes(revision, {
		hold: 0,
		execute: descriptor.grant.execute_within_seconds
	});
}
function findOtherTimes(revision, { hold, execute }) {
	if (revision.hold_seconds !== hold) return {
		where: "revision.hold_seconds",
		detail: `it is held for ${hold} seconds`
	};
	if (revision.execute_within_seconds === execute) return null;
	return {
		where: "revision.execute_within_seconds",
		detail: `it may be claimed for ${execute} seconds`
	};
}
// packages/verifier/src/check-quorum.ts
/** Reached by nobody whom people or policy did not let through. */
var approvedStates = [
	"APPROVED",
	"EXECUTING",
	"COMPLETED",
	"FAILED",
	"UNKNOWN",
	"SIMULATED",
	"REVOKED"
];
/** Each may do what those before it may. */
var roles$1 = [
	"viewer",
	"approver",
	"admin"
];
/** Everybody who had to approve did, and nobody twice. That nobody has to is for the policy to say. */
var checkQuorum = (receipt, found) => {
	const unentitled = findUnentitled(receipt);
	if (unentitled !== null) return unentitled;
	const claim = receipt.executions[0]?.claim ?? null;
	if (claim === null && !approvedStates.includes(receipt.action.state)) return {};
	const byPolicy = receipt.revision.quorum.length === 0;
	if (claim !== null && claim.authorized_by === "policy" !== byPolicy) return {
		where: "executions[0].claim.authorized_by",
		detail: byPolicy ? "nobody had to approve it" : "people had to approve it"
	};
	return findFault$1(receipt, found) ?? {};
};
function findFault$1({ revision, executions }, { approvals, seqs }) {
	const revisionSeq = seqs.get(revision);
	const claimSeq = executions.length === 0 ? null : seqs.get(executions[0].claim);
	for (const [place, { group, slot, role }] of revision.quorum.entries()) {
		const filling = approvals.filter((approval) => approval.slot?.group === group && approval.slot.slot === slot);
		if (filling.length !== 1) return {
			where: `revision.quorum[${place}]`,
			detail: `${filling.length} approvals fill the place ${slot} of group ${group}, and not one`
		};
		const [{ operator_role, where }] = filling;
		if (roles$1.indexOf(operator_role) < roles$1.indexOf(role)) return {
			where: `${where}.operator_role`,
			detail: `the place needs an ${role}`
		};
	}
	if (approvals.length !== revision.quorum.length) return {
		where: "decisions",
		detail: "there are approvals that fill no place"
	};
	for (const [place, approval] of approvals.entries()) {
		const { where } = approval;
		if (approval.payload_hash !== revision.payload_hash) return {
			where: `${where}.payload_hash`,
			detail: "another payload was approved"
		};
		if (approval.descriptor_sha256 !== (revision.descriptor?.sha256 ?? null)) return {
			where: `${where}.descriptor_sha256`,
			detail: "it was approved by another description"
		};
		if (approvals.findIndex(({ operator_id }) => operator_id === approval.operator_id) < place) return {
			where: `${where}.operator_id`,
			detail: "the same person approved twice"
		};
		if (startedIt(approval, revision.started_by) && !approval.sole_operator) return {
			where,
			detail: "they asked for it themselves, and are not the only approver"
		};
		if (approval.decided_at < revision.created_at || approval.seq < revisionSeq) return {
			where,
			detail: "it was given before there was anything to approve"
		};
		if (approval.decided_at >= revision.decide_by) return {
			where: `${where}.decided_at`,
			detail: "it was given when the time to decide was over"
		};
		if (claimSeq !== null && approval.seq > claimSeq) return {
			where,
			detail: "it was given after the claim"
		};
		if (revision.step_up === "passkey" && approval.signature === null) return {
			where: `${where}.signature`,
			detail: "it takes a passkey, and is not signed"
		};
	}
	return null;
}
/** Whoever says no, or what came of it, is an approver at least. To take an approval back, anybody may. */
function findUnentitled({ decisions, executions }) {
	const detail = "it takes an approver";
	const place = decisions.findIndex(({ record, kind, operator_role }) => record === "decision" && kind !== "approve" && operator_role === "viewer");
	if (place !== -1) return {
		where: `decisions[${place}].operator_role`,
		detail
	};
	return executions[0]?.resolution?.operator_role === "viewer" ? {
		where: "executions[0].resolution.operator_role",
		detail
	} : null;
}
/** By id or by name, compared as names are at sign-in. */
function startedIt({ operator_id, name }, startedBy) {
	if (startedBy === null) return false;
	return [operator_id, name].some((own) => fold(own) === fold(startedBy));
}
function fold(name) {
	return name.replaceAll(/\p{Cf}/gu, "").normalize("NFKC").trim().toLowerCase();
}
// packages/verifier/src/check-sent.ts
/** What was sent is what was approved, byte for byte. */
var checkSent = ({ executions, revision }, { payload, descriptor }) => {
	const execution = executions[0];
	if (execution === void 0) return {};
	const { claim, outcome } = execution;
	const hash = sha256Hex(encodeRequest(payload, descriptor));
	if (hash !== claim.expected_sha256) return {
		where: "executions[0].claim.expected_sha256",
		detail: `the payload is sent as bytes of the hash ${hash}`
	};
	if (outcome === null) return {};
	const where = "executions[0].outcome.sent_sha256";
	if (outcome.sent_sha256 !== null && outcome.sent_sha256 !== hash) return {
		where,
		detail: "other bytes were sent than were approved"
	};
	if (outcome.outcome === "completed" && outcome.sent_sha256 === null) return {
		where,
		detail: "nobody says which bytes were sent"
	};
	return findContradiction(outcome, revision.mode) ?? {};
};
/** Where the outcome says what no report can come to in this mode. */
function findContradiction({ outcome, sent }, mode) {
	const where = "executions[0].outcome";
	if (mode === "dry_run" && sent === "yes") return {
		where: `${where}.sent`,
		detail: "something was sent in a dry run"
	};
	if (outcome === "simulated" && mode !== "dry_run") return {
		where: `${where}.outcome`,
		detail: "only a dry run is simulated"
	};
	if (outcome === "completed" && sent !== "yes") return {
		where: `${where}.sent`,
		detail: "nothing is completed that was not sent"
	};
	if (outcome === "simulated" && sent !== "no") return {
		where: `${where}.sent`,
		detail: "what is simulated is not sent"
	};
	if (outcome === "failed" && sent === "unknown") return {
		where: `${where}.sent`,
		detail: "where nobody knows what was sent, the outcome is unknown"
	};
	return null;
}
// packages/verifier/src/check-signatures.ts
var domain = "autopack-approval/1";
/** Every signature is by a passkey of that person, enrolled before, over exactly its statement. Throws MissingWebCryptoError. */
async function checkSignatures(receipt, { approvals, seqs }) {
	for (const [place, decision] of receipt.decisions.entries()) {
		if (decision.record !== "decision") continue;
		const where = `decisions[${place}].signature`;
		const { signature } = decision;
		if (signature !== null !== (decision.strength === "passkey")) return {
			where,
			detail: `the decision was made by ${decision.strength}, and ${signature === null ? "nothing is" : "it is"} signed`
		};
		if (signature === null) continue;
		const seq = approvals.find((approval) => approval.where === `decisions[${place}]`)?.seq;
		if (seq === void 0) return {
			where,
			detail: "only approvals are signed"
		};
		const passkey = receipt.passkeys.find(({ credential_id }) => credential_id === signature.credential_id);
		if (passkey === void 0) return {
			where: `${where}.credential_id`,
			detail: "its passkey is not in the receipt"
		};
		if (passkey.operator_id !== decision.operator_id) return {
			where,
			detail: "the passkey belongs to somebody else"
		};
		if (seqs.get(passkey) >= seq) return {
			where,
			detail: "the passkey was enrolled after it signed"
		};
		const detail = await findAssertionFault(signature, passkey, domain);
		if (detail !== null) return {
			where,
			detail
		};
	}
	return {};
}
// packages/verifier/src/check-state.ts
/** The events that lead to a state, without `external_action.` before each. */
var leadingTo = {
	APPROVED: [
		"approved",
		"proposed",
		"revised"
	],
	EXECUTING: ["claimed"],
	COMPLETED: ["finished", "resolved"],
	FAILED: ["finished", "resolved"],
	UNKNOWN: ["finished", "lease_lost"],
	SIMULATED: ["finished"],
	REJECTED: ["rejected"],
	EXPIRED: ["expired"],
	CANCELLED: ["cancelled"],
	REVOKED: ["revoked", "vetoed"]
};
/** States that an outcome, or what somebody found who looked, says. */
var endStates = [
	"COMPLETED",
	"FAILED",
	"UNKNOWN",
	"SIMULATED"
];
/** Everything is about the action and the revision that the receipt names, and its state is the one that the log reached. */
var checkState = (receipt, { about }) => {
	const { action, revision, decisions, executions } = receipt;
	const records = [
		["revision", revision],
		...decisions.map((decision, place) => [`decisions[${place}]`, decision]),
		...executions.map(({ claim }, place) => [`executions[${place}].claim`, claim])
	];
	for (const [where, record] of records) {
		if (record.action_id !== action.id) return {
			where: `${where}.action_id`,
			detail: `the receipt is about ${action.id}`
		};
		if (record.revision !== action.revision) return {
			where: `${where}.revision`,
			detail: `the receipt is about revision ${action.revision}`
		};
	}
	const later = about.find(({ read }) => typeof read["revision"] === "number" && read["revision"] > action.revision);
	if (later !== void 0) return {
		where: later.where,
		detail: `entry ${later.seq} is about a later revision than ${action.revision}`
	};
	const last = about.findLast(({ read }) => read["result_status"] !== "refused" && read["event_type"] !== "external_action.observed");
	if (last === void 0) return {
		where: "audit",
		detail: "no event says what state the action is in"
	};
	const { event_type, result_status } = last.read;
	if (result_status !== action.state) return {
		where: "action.state",
		detail: `entry ${last.seq} is the last that changed it, and says ${toCanonicalEvent(result_status ?? null)}`
	};
	if (!leadingTo[action.state].some((name) => event_type === `external_action.${name}`)) return {
		where: last.where,
		detail: `no event of the kind of entry ${last.seq} leads to ${action.state}`
	};
	if (last.read["revision"] !== action.revision) return {
		where: last.where,
		detail: `entry ${last.seq} is about another revision`
	};
	return findOtherEnd(receipt) ?? {};
};
/** Where the outcome, or what somebody found who looked, says another state. */
function findOtherEnd({ action, executions }) {
	const { outcome, resolution } = executions[0] ?? {
		outcome: null,
		resolution: null
	};
	if (resolution !== null && outcome?.outcome !== "unknown") return {
		where: "executions[0].resolution",
		detail: "nobody looks up what is known"
	};
	const end = (resolution ?? outcome)?.outcome ?? null;
	if (end === null && endStates.includes(action.state)) return {
		where: "executions",
		detail: `nothing says that it is ${action.state}`
	};
	if (end !== null && end.toUpperCase() !== action.state) return {
		where: `executions[0].${resolution === null ? "outcome" : "resolution"}.outcome`,
		detail: `it says ${end}, and the state is ${action.state}`
	};
	return null;
}
// packages/verifier/src/check-statements.ts
/** What a statement says besides what the receipt knows: only its form can be told. */
var ownWords = members({
	console_build: text(/^[\x21-\x7e]{1,200}$/, "the name of a build"),
	renderer_version: text(/^[0-9]{1,9}$/, "the number of a version"),
	nonce: text(/^[A-Za-z0-9_-]{16,200}$/, "a nonce")
}, "others");
/** Every signed statement says what the receipt says, and nothing else. */
var checkStatements = (receipt) => {
	for (const [place, decision] of receipt.decisions.entries()) {
		if (decision.record !== "decision" || decision.signature === null) continue;
		const fault = findFault(receipt, decision, decision.signature, `decisions[${place}].signature.statement`);
		if (fault !== null) return fault;
	}
	return {};
};
function findFault(receipt, decision, signature, where) {
	let said;
	try {
		said = readJson(signature.statement, 32);
		if (toCanonicalEvent(said) !== signature.statement) return {
			where,
			detail: "it is not in its canonical form"
		};
	} catch (error) {
		return {
			where,
			detail: `it cannot be read: ${error.message}`
		};
	}
	const { revision, action } = receipt;
	const executeBy = latestExecuteBy(revision);
	if (executeBy === null) return {
		where,
		detail: "no moment is the end of the time to execute"
	};
	const expected = {
		v: "autopack-approval/1",
		purpose: "approve",
		action: {
			id: action.id,
			revision: action.revision,
			payload_hash: revision.payload_hash
		},
		descriptor: revision.descriptor,
		display_sha256: decision.display_sha256,
		mode: revision.mode,
		approver: { sub: decision.operator_id },
		requested_by: revision.requested_by,
		decide_by: revision.decide_by,
		execute_by: executeBy
	};
	const shapes = Object.fromEntries(Object.entries(expected).map(([name, value]) => [name, exactly(value)]));
	const misfit = ownWords(said, "") ?? members({
		...shapes,
		console_build: anything,
		renderer_version: anything,
		nonce: anything
	})(said, "");
	return misfit === null ? null : {
		where: misfit.where === "" ? where : `${where}: ${misfit.where}`,
		detail: misfit.detail
	};
}
var anything = () => null;
function exactly(value) {
	const canonical = toCanonicalEvent(value);
	return (said, where) => toCanonicalEvent(said) === canonical ? null : {
		where,
		detail: `the receipt says ${canonical}`
	};
}
// packages/verifier/src/receipt-check.ts
/** What is checked, in this order (docs/evidence.md). */
var receiptReasons = [...[
	"malformed",
	"payload",
	"descriptor",
	"checkpoint_key",
	"entry",
	"inclusion",
	"record",
	"state",
	"policy"
], ...[
	"enrolment",
	"statement",
	"signature",
	"display",
	"quorum",
	"execution",
	"sent"
]];
function isFault(result) {
	return "detail" in result && "where" in result;
}
// packages/verifier/src/receipt-facts.ts
function toFacts(receipt, { drawn, checkpoint, about, log }) {
	const last = about.findLast(({ read }) => read["result_status"] !== "refused");
	const { action, revision, executions } = receipt;
	return {
		action_id: action.id,
		state: action.state,
		revision: action.revision,
		mode: revision.mode,
		tier: revision.tier,
		made_at: receipt.made_at,
		payload_hash: revision.payload_hash,
		drawn,
		requested_by: revision.requested_by,
		started_by: revision.started_by,
		proposed_at: revision.created_at,
		authorized_by: executions[0]?.claim.authorized_by ?? null,
		decisions: receipt.decisions.map((decision) => toDecisionFact(decision, receipt.passkeys)),
		execution: executions[0] ?? null,
		checkpoint,
		complete_until: {
			seq: last.seq,
			no: about.indexOf(last) + 1,
			event_type: String(last.read["event_type"])
		},
		log,
		relying_party: receipt.passkeys[0]?.relying_party ?? null
	};
}
function toDecisionFact(decision, passkeys) {
	const { kind, name, operator_id, operator_role, decided_at, reason } = decision;
	const common = {
		kind,
		name,
		operator_id,
		role: operator_role,
		decided_at,
		reason
	};
	if (decision.record === "revocation") return {
		...common,
		field: null,
		strength: null,
		signed: false,
		passkey: null,
		sole_operator: false
	};
	const passkey = passkeys.find(({ credential_id }) => credential_id === decision.signature?.credential_id);
	return {
		...common,
		field: decision.field,
		strength: decision.strength,
		signed: decision.signature !== null,
		passkey: passkey === void 0 ? null : {
			credential_id: passkey.credential_id,
			endorsed_by: passkey.endorsement?.credential_id ?? null
		},
		sole_operator: decision.sole_operator
	};
}
// packages/verifier/src/receipt.ts
var actionStates = [...[
	"APPROVED",
	"EXECUTING",
	"COMPLETED",
	"FAILED",
	"UNKNOWN",
	"SIMULATED"
], ...[
	"REJECTED",
	"EXPIRED",
	"CANCELLED",
	"REVOKED"
]];
var roles = [
	"viewer",
	"approver",
	"admin"
];
var maxCharacters = 8388608;
var maxLevels = 16;
var hash = text(/^[0-9a-f]{64}$/, "a SHA-256 of 64 lower-case hex digits");
var moment = (value, where) => {
	return isMoment(value) ? null : {
		where,
		detail: "a moment like 2026-11-23T10:15:30.123Z belongs here"
	};
};
var uuid = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
var actionId = text(new RegExp(`^act_${uuid}$`), "the id of an action");
var operatorId = text(new RegExp(`^op_${uuid}$`), "the id of a person");
var id = text(/^[\x21-\x7e]{1,200}$/, "an id");
var base64url = (value, where) => {
	return (typeof value === "string" && value !== "" ? fromBase64url(value) : null) === null ? {
		where,
		detail: "base64url without padding belongs here"
	} : null;
};
var role = oneOf(...roles);
var textOrNull = orNull(anyText);
var hashOrNull = orNull(hash);
var told = {
	reason: anyText,
	name: anyText
};
var relyingParty = members({
	id: anyText,
	origin: anyText
});
var signature = members({
	credential_id: base64url,
	statement: anyText,
	authenticator_data: base64url,
	client_data: base64url,
	signature: base64url
});
var revision = members({
	record: oneOf("revision"),
	action_id: actionId,
	revision: integer(1),
	payload_hash: hash,
	mode: oneOf("live", "dry_run"),
	tier: oneOf("A", "B", "C"),
	descriptor: orNull(members({
		id: anyText,
		version: integer(1),
		sha256: hash
	})),
	requested_by: members({
		executor_id: id,
		name: anyText
	}),
	started_by: textOrNull,
	decide_by: moment,
	execute_within_seconds: integer(0),
	hold_seconds: integer(0),
	step_up: oneOf("passkey", "preferred", "none"),
	quorum: list(members({
		group: integer(0),
		slot: integer(0),
		role: oneOf("approver", "admin")
	})),
	created_at: moment
});
var decision = members({
	record: oneOf("decision"),
	decision_id: id,
	action_id: actionId,
	revision: integer(1),
	payload_hash: hash,
	kind: oneOf("approve", "reject", "ask_change"),
	reject_kind: orNull(oneOf("never", "not_now", "change_this")),
	field: textOrNull,
	reason_sha256: hash,
	operator_id: operatorId,
	operator_role: role,
	strength: oneOf("passkey", "password", "session"),
	sole_operator: truth,
	descriptor_sha256: hashOrNull,
	display_sha256: hashOrNull,
	decided_at: moment,
	slot: orNull(members({
		group: integer(0),
		slot: integer(0)
	})),
	signature: orNull(signature),
	...told
});
var revocation = members({
	record: oneOf("revocation"),
	decision_id: id,
	action_id: actionId,
	revision: integer(1),
	kind: oneOf("revoke", "veto"),
	reason_sha256: hash,
	operator_id: operatorId,
	operator_role: role,
	decided_at: moment,
	...told
});
var claim = members({
	record: oneOf("claim"),
	action_id: actionId,
	revision: integer(1),
	payload_hash: hash,
	authorized_by: oneOf("people", "policy"),
	execution_id: id,
	fence: integer(1),
	executor_id: id,
	key_id: id,
	claimed_at: moment,
	expected_sha256: hash
});
var outcome = members({
	record: oneOf("outcome"),
	execution_id: id,
	outcome: oneOf("completed", "failed", "unknown", "simulated"),
	sent: oneOf("no", "yes", "unknown"),
	sent_sha256: hashOrNull,
	external_object_id: textOrNull,
	external_url: textOrNull,
	error_code: textOrNull,
	error_summary: textOrNull,
	finished_at: moment,
	recorded_by: id
});
var observation = members({
	record: oneOf("observation"),
	execution_id: id,
	no: integer(1),
	result: oneOf("verified", "drifted", "cannot_verify"),
	observed: textOrNull,
	detail: textOrNull,
	observed_at: moment,
	recorded_by: id
});
var resolution = members({
	record: oneOf("resolution"),
	execution_id: id,
	outcome: oneOf("completed", "failed"),
	looked_at: anyText,
	reason: anyText,
	external_object_id: textOrNull,
	operator_id: operatorId,
	operator_role: role,
	resolved_at: moment
});
var passkey = members({
	record: oneOf("passkey"),
	credential_id: base64url,
	operator_id: operatorId,
	relying_party: relyingParty,
	public_key: base64url,
	attestation_object: base64url,
	client_data: base64url,
	endorsement: orNull(signature),
	created_at: moment
});
var execution = members({
	claim,
	outcome: orNull(outcome),
	observations: list(observation),
	resolution: orNull(resolution)
});
var entry = members({
	seq: integer(1),
	prev: hash,
	hash,
	event: anyText,
	path: list(hash, 0, 64)
});
var receipt = members({
	v: oneOf("autopack-receipt/1"),
	made_at: moment,
	action: members({
		id: actionId,
		state: oneOf(...actionStates),
		revision: integer(1)
	}),
	payload: anyText,
	descriptor: textOrNull,
	revision,
	decisions: list((value, where) => (isRevocation(value) ? revocation : decision)(value, where)),
	executions: list(execution, 0, 1),
	passkeys: ascending("credential_id", list(passkey)),
	audit: ascending("seq", list(entry, 1)),
	checkpoint: anyText,
	keys: list(anyText, 1),
	rotations: list(anyText)
});
function isRevocation(value) {
	return typeof value === "object" && value !== null && "record" in value && value.record === "revocation";
}
/** A list whose items stand in the order of one member, none twice. */
function ascending(name, shape) {
	return (value, where) => {
		const misfit = shape(value, where);
		if (misfit !== null) return misfit;
		const keys = value.map((item) => item[name]);
		const place = keys.findIndex((key, index) => index > 0 && key <= keys[index - 1]);
		return place === -1 ? null : {
			where: `${where}[${place}].${name}`,
			detail: `the list is not in the order of ${name}`
		};
	};
}
/** The receipt that a text holds, or what is wrong with its form. */
function readReceipt(json) {
	if (json.length > maxCharacters) return {
		ok: false,
		where: "",
		detail: `the file is longer than ${maxCharacters} characters`
	};
	let value;
	try {
		value = readJson(json, maxLevels);
	} catch (error) {
		return {
			ok: false,
			where: "",
			detail: `the file is not JSON: ${error.message}`
		};
	}
	const misfit = receipt(value, "") ?? findBrokenText(value, "");
	return misfit === null ? {
		ok: true,
		receipt: value
	} : {
		ok: false,
		...misfit
	};
}
/** Half of a surrogate pair has no UTF-8, so nothing could be hashed with it. */
function findBrokenText(value, where) {
	if (typeof value === "string") return value.isWellFormed() ? null : {
		where,
		detail: "the text has half of a surrogate pair"
	};
	if (typeof value !== "object" || value === null) return null;
	for (const [name, item] of Object.entries(value)) {
		const found = findBrokenText(item, Array.isArray(value) ? `${where}[${name}]` : where === "" ? name : `${where}.${name}`);
		if (found !== null) return found;
	}
	return null;
}
// packages/verifier/src/verify-receipt.ts
/**
* Verifies the receipt of an action, offline (docs/evidence.md): all checks in their order, and the first that does not hold. Where the
* reader trusts no key, the first of the receipt is believed, and the facts say so: everything holds together then, and who signed it is not
* known. Rejects with the signal's reason when it is aborted, and with MissingWebCryptoError where no signature can be checked: then nothing is said about the receipt.
*/
async function verifyReceipt(text, options) {
	const read = readReceipt(text);
	if (!read.ok) return {
		ok: false,
		reason: "malformed",
		held: [],
		where: read.where,
		detail: read.detail
	};
	const { receipt } = read;
	const found = {};
	for (const reason of receiptReasons) {
		if (options.signal !== void 0) {
			await new Promise((resume) => setTimeout(resume, 0));
			options.signal.throwIfAborted();
		}
		const result = await check(reason, receipt, found, options);
		if (isFault(result)) return {
			ok: false,
			reason,
			held: receiptReasons.slice(0, receiptReasons.indexOf(reason)),
			...result
		};
		Object.assign(found, result);
	}
	const { log: lines, rotations = [], ...others } = options;
	const rest = lines === void 0 ? { log: null } : await checkLog(receipt, found, {
		...others,
		lines,
		rotations: [...receipt.rotations, ...rotations]
	});
	if (isFault(rest)) return {
		ok: false,
		reason: "log",
		held: receiptReasons,
		...rest
	};
	Object.assign(found, rest);
	return {
		ok: true,
		facts: toFacts(receipt, found)
	};
}
function check(reason, receipt, found, { trustedKeys, rotations = [] }) {
	switch (reason) {
		case "malformed": return {};
		case "payload": return checkPayload(receipt, found);
		case "descriptor": return checkDescriptor(receipt, found);
		case "checkpoint_key": return checkCheckpointKey(receipt, trustedKeys, rotations);
		case "entry": return checkEntries(receipt, found);
		case "inclusion": return checkInclusion(receipt, found);
		case "record": return checkRecords(receipt, found);
		case "state": return checkState(receipt, found);
		case "policy": return checkPolicy(receipt, found);
		case "enrolment": return checkEnrolment(receipt, found);
		case "statement": return checkStatements(receipt, found);
		case "signature": return checkSignatures(receipt, found);
		case "display": return checkDisplay(receipt, found);
		case "quorum": return checkQuorum(receipt, found);
		case "execution": return checkExecution(receipt, found);
		case "sent": return checkSent(receipt, found);
	}
}
export { verifyAuditLog, verifyReceipt };
