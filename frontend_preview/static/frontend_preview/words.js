/** The preview's own words, in the languages of the admin: English, Japanese, Korean. */

const LANGUAGES = ["en", "ja", "ko"];

const WORDS = {
  preview: ["Preview", "プレビュー", "미리보기"],
  shown: ["What is shown, and to whom", "表示する内容と相手", "무엇을 누구에게 보일지"],
  language: ["Language", "言語", "언어"],
  market: ["Market", "市場", "시장"],
  segments: ["Segments", "セグメント", "세그먼트"],
  any: ["any", "すべて", "모두"],
  test: ["Test", "テスト", "테스트"],
  noTest: ["none", "なし", "없음"],
  at: ["At", "時点", "시점"],
  look: ["Look", "見え方", "모양"],
  light: ["Light", "ライト", "밝게"],
  dark: ["Dark", "ダーク", "어둡게"],
  long: ["Long words", "長い語", "긴 낱말"],
  bare: ["Without pictures", "画像なし", "이미지 없이"],
  previewOf: ["Preview: {headline}", "プレビュー：{headline}", "미리보기: {headline}"],
  noChannels: [
    "No channel has fields yet: give one its fields under Channels to see the piece in it.",
    "項目を持つチャネルがまだありません。「チャネル」で項目を設定すると、ここに表示されます。",
    "필드가 있는 채널이 아직 없습니다. 채널에서 필드를 정하면 여기에 보입니다.",
  ],
  unseen: [
    "Nobody in this market and these segments sees the piece in this language.",
    "この市場とセグメントでは、この言語のコンテンツは誰にも表示されません。",
    "이 시장과 세그먼트에서는 이 언어의 콘텐츠가 아무에게도 보이지 않습니다.",
  ],
  unknownMarket: [
    "The hub has no market {code}: this is what readers of no market get.",
    "市場{code}はハブにありません。どの市場でもない読者への表示です。",
    "허브에 시장 {code}이(가) 없습니다. 시장이 정해지지 않은 독자에게 보이는 내용입니다.",
  ],
  unknownSegment: [
    "The hub has no segment {code}: it is left out.",
    "セグメント{code}はハブにないため、無視されます。",
    "허브에 세그먼트 {code}이(가) 없어 무시됩니다.",
  ],
  retired: ["{code} is retired.", "{code}は廃止されています。", "{code}은(는) 더 이상 쓰이지 않습니다."],
  fromNowOn: [
    "A draft was not on air in the past: choose an instant to come, or none.",
    "下書きは過去には公開されていませんでした。これからの時点を選ぶか、時点を空にしてください。",
    "초안은 과거에 게시되어 있지 않았습니다. 앞으로의 시점을 고르거나 비워 두세요.",
  ],
  expired: [
    "The preview is too old: open it again.",
    "プレビューが古くなりました。もう一度開いてください。",
    "미리보기가 너무 오래되었습니다. 다시 여세요.",
  ],
  invalid: [
    "The preview token opens nothing.",
    "このプレビューのトークンでは何も開けません。",
    "이 미리보기 토큰으로는 아무것도 열 수 없습니다.",
  ],
  fallback: [
    "There is no text in {asked}: readers get {served}.",
    "{asked}の文がないため、読者には{served}が表示されます。",
    "{asked} 텍스트가 없어 독자에게는 {served}가 보입니다.",
  ],
  notItsText: [
    "The piece has no text in {asked}. What is shown is its text in {served}: what you wrote here would change that one. Translate the piece first, or choose {served} as the language to write in it.",
    "このコンテンツには{asked}の文がありません。表示されているのは{served}の文で、ここに書くとその文が変わります。先に翻訳するか、言語に{served}を選んで書いてください。",
    "이 콘텐츠에는 {asked} 텍스트가 없습니다. 보이는 것은 {served} 텍스트이며 여기에 쓰면 그 텍스트가 바뀝니다. 먼저 번역하거나 언어에서 {served}를 골라 쓰세요.",
  ],
  unreachable: ["The hub could not be reached.", "ハブに接続できませんでした。", "허브에 연결할 수 없습니다."],
  typeOn: [
    "The hub could not be reached. Type on to try again.",
    "ハブに接続できませんでした。入力を続けると再試行します。",
    "허브에 연결할 수 없습니다. 계속 입력하면 다시 시도합니다.",
  ],
  logIn: ["Log in to the admin to write here.", "ここに書くには管理画面にログインしてください。", "여기에 쓰려면 관리자에 로그인하세요."],
  fits: ["✓ fits", "✓ 収まる", "✓ 맞음"],
  warns: ["! look", "! 要確認", "! 확인"],
  fails: ["✕ does not fit", "✕ 収まらない", "✕ 맞지 않음"],
  write: ["Write", "書く", "쓰기"],
  writeFor: ["Write for {channel}", "{channel}向けに書く", "{channel}용으로 쓰기"],
  empty: ["Nothing to show here.", "表示するものがありません。", "보여 줄 것이 없습니다."],
  opening: ["Opening…", "開いています…", "여는 중…"],
  saving: ["Saving…", "保存しています…", "저장 중…"],
  giveBack: ["Give back to the base", "基本に戻す", "기본으로 되돌리기"],
  giveBackTo: ["Give back to the version {version}", "バージョン{version}に戻す", "버전 {version}으로 되돌리기"],
  own: ["own text", "独自の文", "고유 텍스트"],
  inherited: ["from the base", "基本から", "기본에서"],
  inheritedOf: ["from the version {version}", "バージョン{version}から", "버전 {version}에서"],
  othersGet: [
    "The readers chosen above get the version {versions} here: what is written in this card is for everybody else on the channel.",
    "上で選んだ読者には、ここではバージョン{versions}が表示されます。このカードに書く内容は、チャネルのそれ以外の読者向けです。",
    "위에서 고른 독자에게는 여기서 버전 {versions}이 보입니다. 이 카드에 쓰는 내용은 채널의 나머지 독자를 위한 것입니다.",
  ],
  noTexts: [
    "This channel shows no text that could be written here.",
    "このチャネルには、ここで書ける文がありません。",
    "이 채널에는 여기서 쓸 수 있는 텍스트가 없습니다.",
  ],
  alone: [
    "What you write is for this channel alone, and a draft until you publish it.",
    "ここに書く内容はこのチャネル専用で、公開するまでは下書きです。",
    "여기에 쓰는 내용은 이 채널에만 쓰이며 게시할 때까지 초안입니다.",
  ],
  saved: ["Saved as a draft of the version {version}.", "バージョン{version}の下書きに保存しました。", "버전 {version}의 초안으로 저장했습니다."],
  versionIs: ["The channel's version is {version}.", "このチャネルのバージョンは{version}です。", "이 채널의 버전은 {version}입니다."],
  email: ["E-mail", "メール", "이메일"],
  body: ["Body", "本文", "본문"],
  plainText: ["Plain text", "プレーンテキスト", "일반 텍스트"],
  noPicture: ["No picture", "画像なし", "이미지 없음"],
  smsParts: ["{parts} parts, {units} units in {encoding}", "{parts}通、{units}単位（{encoding}）", "{parts}건, {units}단위({encoding})"],
  smsPart: ["1 part, {units} units in {encoding}", "1通、{units}単位（{encoding}）", "1건, {units}단위({encoding})"],
};

let place = 0;

/** Speak the first of some language tags that there are words in, and say so on the page, which has English until then. */
export function speak(tags) {
  const known = tags.map((tag) => tag.toLowerCase().split("-")[0]).find((tag) => LANGUAGES.includes(tag));
  place = Math.max(0, LANGUAGES.indexOf(known));
  document.documentElement.lang = LANGUAGES[place];
  for (const each of document.querySelectorAll("[data-word]")) each.firstChild.textContent = `${say(each.dataset.word)} `;
  for (const each of document.querySelectorAll("[data-label]")) each.setAttribute("aria-label", say(each.dataset.label));
  for (const each of document.querySelectorAll("[data-hint]")) each.placeholder = say(each.dataset.hint);
}

/** Return words by their name, with values in their places. */
export function say(name, values = {}) {
  return sayParts(name, values).join("");
}

/** Return words as a list of texts and of values, which may be elements. */
export function sayParts(name, values) {
  const parts = WORDS[name][place].split(/\{(\w+)\}/);
  return parts.map((part, number) => (number % 2 ? values[part] : part));
}
