/** What the page says of areas and posters; only those download it who have many areas to choose from, or a code. */

import { lang } from "./prefs.js";
import { fill } from "./words.js";

const zh = {
  choose: "请选择",
  province: "省、自治区、直辖市",
  prefecture: "市、州",
  county: "区、县",
  town: "乡镇、街道",
  village: "村、社区",
  grid: "网格",
  below: "下一级",

  code_unreadable: "这个二维码不完整，请在下面选择您所在的区域。",
  code_expired: "这张海报的二维码已经过期，请在下面选择您所在的区域。",
  code_area: "二维码上的区域不在这次活动里，请在下面选择您所在的区域。",

  scan: "扫海报上的二维码",
  scan_why: "扫一扫张贴在本区域的海报，就能自动选好区域。不拍照、不录像，画面不离开这台设备。",
  scan_stop: "关闭相机",
  scan_aim: "请把二维码放到画面中间。",
  scan_picture: "相机画面",
  scan_photo: "或者选一张海报的照片",
  scan_opening: "正在打开相机…",
  scan_no_camera: "这台设备打不开相机，或者没有允许使用。可以选一张海报的照片，或在列表里选择区域。",
  scan_no_code: "照片里没有读到二维码。请靠近一些、拍清楚再试，或在列表里选择区域。",
  scan_no_photo: "这个文件不是能打开的照片。",
  scan_no_module: "识别程序没有下载下来。请检查网络后再试，或在列表里选择区域。",
  scan_found: "区域已选好：{area}",
  NoPlace: "这不是海报上的二维码，或者码不完整。",
  ForgedPlace: "这个二维码不是组织单位签发的，或者被改动过，不能使用。",
  ExpiredPlace: "这个二维码已经过期，请向组织单位换新的海报。",
  OtherCampaign: "这是另一项活动的二维码。",
  WrongArea: "二维码上的区域不在这次活动里。",
  NoSigner: "这项活动没有提供核对二维码的公钥，请在列表里选择区域。",
};

/** @typedef {keyof typeof zh} Key */

/** @type {Record<Key, string>} */
const en = {
  choose: "Please choose",
  province: "Province",
  prefecture: "City or prefecture",
  county: "District or county",
  town: "Town or subdistrict",
  village: "Village or community",
  grid: "Grid",
  below: "Next level",

  code_unreadable: "This QR code is not complete; please choose your area below.",
  code_expired: "This poster's QR code has expired; please choose your area below.",
  code_area: "The area on the QR code is not part of this survey or quiz; please choose yours below.",

  scan: "Scan a poster's QR code",
  scan_why: "Scan the poster that hangs in this area, and the area is chosen. No photo or film is taken; the picture does not leave this device.",
  scan_stop: "Close the camera",
  scan_aim: "Hold the QR code in the middle of the picture.",
  scan_picture: "The camera's picture",
  scan_photo: "Or choose a photo of the poster",
  scan_opening: "Opening the camera…",
  scan_no_camera: "This device's camera cannot be opened or was not allowed. Choose a photo of the poster, or the area from the list.",
  scan_no_code: "No QR code was found in the photo. Go closer and take it sharply, or choose the area from the list.",
  scan_no_photo: "This file is no photo that can be opened.",
  scan_no_module: "What reads the codes could not be downloaded. Check the network and try again, or choose the area from the list.",
  scan_found: "Area chosen: {area}",
  NoPlace: "This is no poster's QR code, or it is not complete.",
  ForgedPlace: "This QR code was not issued by the organiser, or was altered; it cannot be used.",
  ExpiredPlace: "This QR code has expired; please ask the organiser for a new poster.",
  OtherCampaign: "This QR code is of another survey or quiz.",
  WrongArea: "The area on the QR code is not part of this survey or quiz.",
  NoSigner: "This survey or quiz has no public key to check QR codes with; please choose the area from the list.",
};

/** @type {Record<string, Record<Key, string>>} */
const words = { "zh-CN": zh, en };

/**
 * A sentence in the reader's language, its `{names}` filled in.
 * @param {Key} key @param {Record<string, string | number>} [values]
 */
export const tell = (key, values) => fill((words[lang()] ?? zh)[key], values);
