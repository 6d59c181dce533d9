/**
 * What the card says. `%` stands for the organisation's name. Of `[named|generic]` the first half counts when there is a name,
 * the second when there is none; both halves are written so that the name needs no inflection.
 */
export type Texts = {
  /** Asks to keep this chat for the other sites. */
  readonly save: string;
  /** Asks for the chat of another site. Nobody can know yet whether there is one. */
  readonly continue: string;
  readonly yes: string;
  readonly no: string;
  readonly privacy: string;
  /** While the browser shows its own question. */
  readonly waiting: string;
  /** After a refusal: why there is another button. */
  readonly oneMoreStep: string;
  readonly openPopup: string;
};

export const TEXTS = {
  en: {
    save: "Keep this chat going on [%’s|our] other websites?",
    continue: "Were you chatting with [%|us] on another website? You can continue here.",
    yes: "Continue",
    no: "Not now",
    privacy: "Privacy",
    waiting: "Please answer your browser’s question to continue.",
    oneMoreStep: "Your browser needs one more step, in a small window.",
    openPopup: "Open [%|a window] to continue",
  },
  de: {
    save: "Diesen Chat auch auf [anderen Websites von %|unseren anderen Websites] weiterführen?",
    continue: "Haben Sie auf einer anderen Website mit [%|uns] gechattet? Hier können Sie fortfahren.",
    yes: "Fortfahren",
    no: "Jetzt nicht",
    privacy: "Datenschutz",
    waiting: "Bitte beantworten Sie die Frage Ihres Browsers, um fortzufahren.",
    oneMoreStep: "Ihr Browser benötigt noch einen Schritt in einem kleinen Fenster.",
    openPopup: "[%|Fenster] öffnen und fortfahren",
  },
  fr: {
    save: "Poursuivre cette conversation [avec % sur ses|sur nos] autres sites ?",
    continue: "Vous discutiez avec [%|nous] sur un autre site ? Vous pouvez continuer ici.",
    yes: "Continuer",
    no: "Pas maintenant",
    privacy: "Confidentialité",
    waiting: "Veuillez répondre à la question de votre navigateur pour continuer.",
    oneMoreStep: "Votre navigateur demande une étape de plus, dans une petite fenêtre.",
    openPopup: "Ouvrir [%|une fenêtre] pour continuer",
  },
  es: {
    save: "¿Continuar este chat [con % en sus|en nuestros] otros sitios web?",
    continue: "¿Estaba chateando con [%|nosotros] en otro sitio web? Puede continuar aquí.",
    yes: "Continuar",
    no: "Ahora no",
    privacy: "Privacidad",
    waiting: "Responda a la pregunta de su navegador para continuar.",
    oneMoreStep: "Su navegador necesita un paso más, en una ventana pequeña.",
    openPopup: "Abrir [%|una ventana] para continuar",
  },
  it: {
    save: "Continuare questa chat [con % anche sui suoi|anche sui nostri] altri siti?",
    continue: "Stavi chattando con [%|noi] su un altro sito? Puoi continuare qui.",
    yes: "Continua",
    no: "Non ora",
    privacy: "Privacy",
    waiting: "Rispondi alla richiesta del browser per continuare.",
    oneMoreStep: "Il browser richiede ancora un passaggio, in una piccola finestra.",
    openPopup: "Apri [%|una finestra] per continuare",
  },
  pt: {
    save: "Continuar esta conversa [com % nos seus|nos nossos] outros sites?",
    continue: "Tem uma conversa [com % em outro site|em outro dos nossos sites]? Pode continuar aqui.",
    yes: "Continuar",
    no: "Agora não",
    privacy: "Privacidade",
    waiting: "Responda à pergunta do navegador para continuar.",
    oneMoreStep: "O navegador precisa de mais um passo, numa janela pequena.",
    openPopup: "Abrir [%|uma janela] para continuar",
  },
  nl: {
    save: "Deze chat voortzetten op [de andere websites van %|onze andere websites]?",
    continue: "Was u op een andere website met [%|ons] aan het chatten? U kunt hier doorgaan.",
    yes: "Doorgaan",
    no: "Niet nu",
    privacy: "Privacy",
    waiting: "Beantwoord de vraag van uw browser om door te gaan.",
    oneMoreStep: "Uw browser heeft nog één stap nodig, in een klein venster.",
    openPopup: "[%|Venster] openen en doorgaan",
  },
  pl: {
    save: "Kontynuować ten czat na [innych stronach firmy %|naszych innych stronach]?",
    continue: "Masz już czat z [firmą %|nami] na innej stronie? Możesz kontynuować go tutaj.",
    yes: "Kontynuuj",
    no: "Nie teraz",
    privacy: "Prywatność",
    waiting: "Odpowiedz na pytanie przeglądarki, aby kontynuować.",
    oneMoreStep: "Przeglądarka wymaga jeszcze jednego kroku, w małym oknie.",
    openPopup: "Otwórz [%|okno], aby kontynuować",
  },
  ja: {
    save: "[%の|当社の]他のサイトでもこのチャットを続けますか？",
    continue: "別のサイトで[%と|]チャットをされていましたか？ここで続けられます。",
    yes: "続ける",
    no: "今はしない",
    privacy: "プライバシー",
    waiting: "続けるには、ブラウザーの確認に回答してください。",
    oneMoreStep: "続けるには、小さなウィンドウでもう一度操作が必要です。",
    openPopup: "[%|ウィンドウ]を開いて続ける",
  },
  ar: {
    save: "هل تريد متابعة هذه المحادثة على [مواقع %|مواقعنا] الأخرى؟",
    continue: "هل كانت لديك محادثة [مع %|معنا] على موقع آخر؟ يمكنك متابعتها هنا.",
    yes: "متابعة",
    no: "ليس الآن",
    privacy: "الخصوصية",
    waiting: "يُرجى الرد على سؤال المتصفح للمتابعة.",
    oneMoreStep: "يتطلب متصفحك خطوة إضافية، في نافذة صغيرة.",
    openPopup: "فتح [%|نافذة] للمتابعة",
  },
} as const satisfies Record<string, Texts>;

export type Language = keyof typeof TEXTS;
