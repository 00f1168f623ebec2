// A wallet of other people's libraries: takes what is offered to it, keeps it, shows one fact of it.
//   node wallet.mjs HOME BRIDGE ORIGIN take OFFER TX_CODE NUMBER   what it was given, as JSON
//   node wallet.mjs HOME BRIDGE ORIGIN present REQUEST HELD        what the verifier answered
// HOME holds node_modules. Addresses of ORIGIN are asked at BRIDGE, so that nothing leaves the machine.
import { createHash, randomBytes, X509Certificate } from "node:crypto";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { join } from "node:path";

const [home, bridge, origin, ...rest] = process.argv.slice(2);
const require = createRequire(join(home, "package.json"));
const load = async name => import(pathToFileURL(require.resolve(name)).href);
const { clientAuthenticationAnonymous, setGlobalConfig } = await load("@openid4vc/oauth2");
const { Openid4vciClient } = await load("@openid4vc/openid4vci");
const { Openid4vpClient } = await load("@openid4vc/openid4vp");
const { SDJwtVcInstance } = await load("@sd-jwt/sd-jwt-vc");
const jose = await load("jose");

const asked = [];
async function ask(address, init) {
  const url = new URL(address instanceof Request ? address.url : String(address));
  if (url.origin !== origin) throw new Error(`the wallet was led to ${url.origin}`);
  asked.push(url.pathname);
  return fetch(bridge + url.pathname + url.search, init);
}
const hash = (data, algorithm = "sha-256") => createHash(algorithm.replace("-", "")).update(data).digest();
const made = async () => {
  const { publicKey, privateKey } = await jose.generateKeyPair("ES256", { extractable: true });
  const jwk = await jose.exportJWK(publicKey);
  return { privateKey, jwk, own: await jose.exportJWK(privateKey) };
};
const keys = new Map();
const known = async key => { keys.set(await jose.calculateJwkThumbprint(key.jwk), key); return key; };
const callbacks = {
  fetch: ask,
  hash,
  generateRandom: length => randomBytes(length),
  clientAuthentication: clientAuthenticationAnonymous(),
  signJwt: async (signer, { header, payload }) => {
    const key = keys.get(await jose.calculateJwkThumbprint(signer.publicJwk));
    const jwt = await new jose.SignJWT(payload).setProtectedHeader(header).sign(key.privateKey);
    return { jwt, signerJwk: key.jwk };
  },
  verifyJwt: async (signer, { header, compact }) => {
    const key = signer.method === "x5c"
      ? new X509Certificate(Buffer.from(signer.x5c[0], "base64")).publicKey
      : await jose.importJWK(signer.publicJwk, header.alg);
    await jose.compactVerify(compact, key);
    return { verified: true, signerJwk: await jose.exportJWK(key) };
  },
  encryptJwe: async (to, data) => {
    const header = { alg: to.alg, enc: to.enc, kid: to.publicJwk.kid };
    const key = await jose.importJWK(to.publicJwk, to.alg);
    const jwe = await new jose.CompactEncrypt(new TextEncoder().encode(data)).setProtectedHeader(header).encrypt(key);
    return { encryptionJwk: to.publicJwk, jwe };
  },
  decryptJwe: async () => ({ decrypted: false }),
  getX509CertificateMetadata: certificate => {
    const names = new X509Certificate(Buffer.from(certificate, "base64")).subjectAltName ?? "";
    const of = kind => names.split(", ").filter(each => each.startsWith(kind)).map(each => each.slice(kind.length));
    return { sanDnsNames: of("DNS:"), sanUriNames: of("URI:") };
  },
};
// An SD-JWT VC as this library reads it, believed by the certificate in its header.
const credential = (text, holder) => {
  const chain = jose.decodeProtectedHeader(text.split("~")[0]).x5c;
  const leaf = new X509Certificate(Buffer.from(chain[0], "base64"));
  const verifies = async (data, signature) => {
    await jose.compactVerify(`${data}.${signature}`, leaf.publicKey);
    return true;
  };
  return new SDJwtVcInstance({
    hasher: (data, algorithm) => new Uint8Array(hash(data, algorithm)),
    hashAlg: "sha-256",
    saltGenerator: () => randomBytes(16).toString("base64url"),
    verifier: verifies,
    statusVerifier: verifies,
    statusListFetcher: async address => (await ask(address)).text(),
    kbSignAlg: "ES256",
    kbSigner: holder && (async data => {
      const key = await jose.importJWK(holder, "ES256");
      const made = await new jose.CompactSign(Buffer.from(data.split(".")[1], "base64url"))
        .setProtectedHeader(JSON.parse(Buffer.from(data.split(".")[0], "base64url"))).sign(key);
      return made.split(".")[2];
    }),
  });
};

async function take(offer, txCode, number) {
  const client = new Openid4vciClient({ callbacks });
  const credentialOffer = await client.resolveCredentialOffer(offer);
  const issuerMetadata = await client.resolveIssuerMetadata(credentialOffer.credential_issuer);
  const own = await known(await made());
  const dpop = { signer: { method: "jwk", alg: "ES256", publicJwk: own.jwk } };
  const { accessTokenResponse } = await client.retrievePreAuthorizedCodeAccessTokenFromOffer({ credentialOffer, issuerMetadata, txCode, dpop });
  const { c_nonce: nonce } = await client.requestNonce({ issuerMetadata });
  const [credentialConfigurationId] = credentialOffer.credential_configuration_ids;
  const holders = await Promise.all(Array.from({ length: Number(number) }, async () => known(await made())));
  const proofs = [];
  for (const each of holders) {
    const signer = { method: "jwk", alg: "ES256", publicJwk: each.jwk };
    proofs.push((await client.createCredentialRequestJwtProof({ issuerMetadata, credentialConfigurationId, signer, nonce })).jwt);
  }
  const { credentialResponse } = await client.retrieveCredentials({
    issuerMetadata, credentialConfigurationId, proofs: { jwt: proofs }, dpop,
    accessToken: accessTokenResponse.access_token,
  });
  const held = [];
  for (const [at, { credential: text }] of credentialResponse.credentials.entries()) {
    const { payload } = await credential(text).verify(text);
    held.push({ text, key: holders[at].own, payload });
  }
  return { held, type: accessTokenResponse.token_type, asked };
}

async function present(request, held) {
  const client = new Openid4vpClient({ callbacks });
  const parsed = client.parseOpenid4vpAuthorizationRequest({ authorizationRequest: request });
  const { authorizationRequestPayload, client: verifier, dcql } = await client.resolveOpenId4vpAuthorizationRequest({ authorizationRequestPayload: parsed.params });
  const [query] = dcql.query.credentials;
  const frame = Object.fromEntries(query.claims.map(each => [each.path[0], true]));
  const { text, key } = JSON.parse(held);
  const shown = await credential(text, key).present(text, frame, {
    kb: { payload: { iat: Math.floor(Date.now() / 1000), aud: authorizationRequestPayload.client_id, nonce: authorizationRequestPayload.nonce } },
  });
  const made = await client.createOpenid4vpAuthorizationResponse({
    authorizationRequestPayload,
    authorizationResponsePayload: { vp_token: { [query.id]: [shown] } },
    jarm: {
      encryption: { nonce: randomBytes(16).toString("base64url") },
      serverMetadata: {
        authorization_signing_alg_values_supported: [],
        authorization_encryption_alg_values_supported: ["ECDH-ES"],
        authorization_encryption_enc_values_supported: ["A128GCM", "A256GCM"],
      },
    },
  });
  const { response, responseMode } = await client.submitOpenid4vpAuthorizationResponse({
    authorizationRequestPayload, ...made,
  });
  return { status: response.status, said: await response.text(), responseMode, verifier: verifier.prefix, asked };
}

const [what, ...given] = rest;
try {
  console.log(JSON.stringify(await (what === "take" ? take : present)(...given)));
} catch (problem) {
  console.error(problem?.stack ?? problem, problem?.response ?? "", JSON.stringify(problem?.validationResult ?? problem?.zodError ?? ""));
  process.exitCode = 1;
}
