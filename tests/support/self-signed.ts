import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { isIPv4 } from "node:net";

export type Certificate = { key: string; cert: string };

const dayMs = 86_400_000;

/** A certificate for a name or an IPv4 address that only its own key vouches for, as PEM (RFC 5280, in DER). */
export function selfSigned(name: string, { from = -1, until = 1 } = {}): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const named = sequence(der(0x31, sequence(commonName, der(0x0c, Buffer.from(name)))));
  const algorithm = sequence(ecdsaWithSha256);
  const certificate = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    named,
    sequence(dayFromNow(from), dayFromNow(until)),
    named,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(sequence(subjectAlternativeName, der(0x04, sequence(alternative(name)))))),
  );
  const signature = der(0x03, Buffer.concat([Buffer.from([0]), sign("sha256", certificate, privateKey)]));
  const base64 = sequence(certificate, algorithm, signature).toString("base64");
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`,
  };
}

function der(tag: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length = body.length < 128 ? [body.length] : [0x82, Math.floor(body.length / 256), body.length % 256];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

const sequence = (...parts: Buffer[]) => der(0x30, ...parts);
const objectId = (hex: string) => der(0x06, Buffer.from(hex, "hex"));
const commonName = objectId("550403");
const subjectAlternativeName = objectId("551d11");
const ecdsaWithSha256 = objectId("2a8648ce3d040302");

const alternative = (name: string) =>
  isIPv4(name) ? der(0x87, Buffer.from(name.split(".").map(Number))) : der(0x82, Buffer.from(name));

/** `YYMMDDHHMMSSZ`, up to 2049. */
const dayFromNow = (days: number) =>
  der(
    0x17,
    Buffer.from(`${new Date(Date.now() + days * dayMs).toISOString().slice(2, 19).replace(/\D/g, "")}Z`),
  );
