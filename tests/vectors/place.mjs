/**
 * Writes place.json: codes of posters, good and bad, signed by Node's own Ed25519 (OpenSSL's) and written in digits
 * by BigInt, so that src/place.rs is held to something that is not itself. Run again, it writes the same.
 */
import { createPrivateKey, createPublicKey, sign } from "node:crypto";
import { writeFileSync } from "node:fs";

/** A key from 32 bytes of a number. */
const key = (byte) => createPrivateKey({
  format: "der", type: "pkcs8", key: Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), Buffer.alloc(32, byte)]),
});
const signer = createPublicKey(key(1)).export({ format: "der", type: "spki" }).subarray(-32).toString("hex");

/** Digits of 64 bytes. */
const digits = (bytes) => BigInt(`0x${bytes.toString("hex")}`).toString().padStart(155, "0");
const signature = (area, until, { by = key(1), campaign = "vector" } = {}) =>
  sign(null, Buffer.from(`anxin place 1\n${campaign}\n${area}\n${until}`), by);
const code = (area, until, options) => `${area}${until.replaceAll("-", "")}${digits(signature(area, until, options))}`;
const link = (payload, campaign = "vector") => `https://anxin.example.org/c/${campaign}?p=${payload}`;

const [area, until] = ["330602001002003", "2026-12-10"];
const good = code(area, until);

/** The other number that stands for the same signature in arithmetic: S plus the order of the group. */
const malleable = () => {
  const bytes = signature(area, until);
  const little = (part) => BigInt(`0x${Buffer.from(part).reverse().toString("hex")}`);
  const s = little(bytes.subarray(32)) + 2n ** 252n + 27742317777372353535851937790883648493n;
  const high = Buffer.from(s.toString(16).padStart(64, "0"), "hex").reverse();
  return `${area}20261210${digits(Buffer.concat([bytes.subarray(0, 32), high]))}`;
};

const codes = [
  ["a payload", good, `${area} ${until}`],
  ["an address", link(good), `${area} ${until}`],
  ["the address of a volunteer's page, on another host", `http://127.0.0.1:8080/c/vector/shift?p=${good}`, `${area} ${until}`],
  ["something beside it in the query", `${link("0").replace("p=0", `from=wechat&p=${good}`)}`, `${area} ${until}`],
  ["its last day", code("330603", "2026-12-01"), "330603 2026-12-01"],
  ["the day after", code("330603", "2026-11-30"), "Expired"],
  ["an area of another campaign", code("330604", until), "Area"],
  ["what the area lies in", code("330602001002", until), "Area"],
  ["what lies in the area", code("3306030", until), "Area"],
  ["signed with another key", code(area, until, { by: key(2) }), "Forged"],
  ["signed for another campaign", code(area, until, { campaign: "another" }), "Forged"],
  ["another campaign's address", link(good, "another"), "OtherCampaign"],
  ["another area under the signature", good.replace(area, "330603"), "Forged"],
  ["another day under the signature", good.replace("20261210", "20271210"), "Forged"],
  ["a digit altered", good.slice(0, -1) + (9 - Number(good.slice(-1))), "Forged"],
  ["the signature in its other form", malleable(), "Forged"],
  ["nothing but zeros", `${area}20261210${"0".repeat(155)}`, "Forged"],
  ["a number too great for a signature", `${area}20261210${"9".repeat(155)}`, "Unreadable"],
  ["no such day", `${area}20261310${good.slice(-155)}`, "Unreadable"],
  ["no area", `20261210${good.slice(-155)}`, "Unreadable"],
  ["an area of too many digits", `${"3".repeat(25)}20261210${good.slice(-155)}`, "Unreadable"],
  ["cut short", good.slice(0, 100), "Unreadable"],
  ["a letter among the digits", good.replace("3306", "33O6"), "Unreadable"],
  ["digits of another script", good.replace("3306", "３３０６"), "Unreadable"],
  ["an address without a code", "https://anxin.example.org/c/vector", "Unreadable"],
  ["another site's address", "https://weixin.qq.com/r/0123456789", "Unreadable"],
  ["a payment code", "wxp://f2f0AbCdEfGhIjKlMnOpQrStUvWxYz", "Unreadable"],
  ["nothing", "", "Unreadable"],
];

const name = (zh) => ({ "zh-CN": zh });
writeFileSync(new URL("place.json", import.meta.url), `${JSON.stringify({
  today: "2026-12-01",
  campaign: {
    id: "vector", title: name("调查"), kind: "survey", questionnaire: "",
    areas: [{ code: area, name: name("第三网格") }, { code: "330603", name: name("柯桥区") }],
    regions: [{ code: "330602001002", name: name("社区") }],
    opens: "2026-11-01", closes: "2026-12-31", grace_days: 14, k: 5, channels: ["tablet"], signer,
  },
  codes: codes.map(([what, text, told]) => ({ what, text, told })),
}, null, 1)}\n`);
