/** Everything that the continue page says. `{site}` stands for a host name. */
export type Strings = {
  readonly title: string;
  readonly intro: string;
  readonly proceed: string;
  readonly returnsTo: string;
  readonly forget: string;
  readonly sites: string;
  readonly privacy: string;
  readonly noScript: string;
  readonly working: string;
  readonly done: string;
  readonly closable: string;
  readonly forgotten: string;
  readonly failed: string;
  readonly refusedTitle: string;
  readonly refused: string;
};

export type Language = keyof typeof STRINGS;

export const STRINGS = {
  en: {
    title: "Continue your chat",
    intro: "Browsers keep websites apart. Continue here, and your chat comes along to each of the participating sites.",
    proceed: "Continue",
    returnsTo: "Takes you back to {site}",
    forget: "Forget this chat",
    sites: "Participating sites",
    privacy: "Privacy",
    noScript:
      "JavaScript is switched off in this browser. Without it this page can neither hand your chat over nor forget it.",
    working: "One moment…",
    done: "Done.",
    closable: "You can close this window.",
    forgotten: "The chat has been forgotten.",
    failed: "That did not work. Please try again.",
    refusedTitle: "This link does not work",
    refused: "It does not lead back to one of the participating sites. Close this page, and go on where you came from.",
  },
  de: {
    title: "Chat fortsetzen",
    intro:
      "Browser halten Websites getrennt. Fahren Sie hier fort, und Ihr Chat kommt mit auf alle teilnehmenden Websites.",
    proceed: "Fortfahren",
    returnsTo: "Bringt Sie zurück zu {site}",
    forget: "Diesen Chat vergessen",
    sites: "Teilnehmende Websites",
    privacy: "Datenschutz",
    noScript:
      "JavaScript ist in diesem Browser ausgeschaltet. Ohne JavaScript kann diese Seite Ihren Chat weder weitergeben noch vergessen.",
    working: "Einen Moment …",
    done: "Fertig.",
    closable: "Sie können dieses Fenster schließen.",
    forgotten: "Der Chat ist vergessen.",
    failed: "Das hat nicht geklappt. Bitte versuchen Sie es noch einmal.",
    refusedTitle: "Dieser Link funktioniert nicht",
    refused:
      "Er führt nicht zu einer der teilnehmenden Websites zurück. Schließen Sie diese Seite und machen Sie dort weiter, wo Sie waren.",
  },
  fr: {
    title: "Poursuivre la conversation",
    intro:
      "Les navigateurs séparent les sites. Continuez ici, et votre conversation vous suivra sur tous les sites participants.",
    proceed: "Continuer",
    returnsTo: "Vous ramène à {site}",
    forget: "Oublier cette conversation",
    sites: "Sites participants",
    privacy: "Confidentialité",
    noScript:
      "JavaScript est désactivé dans ce navigateur. Sans lui, cette page ne peut ni transmettre votre conversation ni l’oublier.",
    working: "Un instant…",
    done: "C’est fait.",
    closable: "Vous pouvez fermer cette fenêtre.",
    forgotten: "La conversation est oubliée.",
    failed: "Cela n’a pas fonctionné. Veuillez réessayer.",
    refusedTitle: "Ce lien ne fonctionne pas",
    refused: "Il ne ramène à aucun des sites participants. Fermez cette page et reprenez là où vous étiez.",
  },
  es: {
    title: "Continuar el chat",
    intro:
      "Los navegadores mantienen separados los sitios web. Continúe aquí y su chat le acompañará en todos los sitios participantes.",
    proceed: "Continuar",
    returnsTo: "Le lleva de vuelta a {site}",
    forget: "Olvidar este chat",
    sites: "Sitios participantes",
    privacy: "Privacidad",
    noScript:
      "JavaScript está desactivado en este navegador. Sin él, esta página no puede ni transmitir su chat ni olvidarlo.",
    working: "Un momento…",
    done: "Listo.",
    closable: "Ya puede cerrar esta ventana.",
    forgotten: "El chat se ha olvidado.",
    failed: "No ha funcionado. Inténtelo de nuevo.",
    refusedTitle: "Este enlace no funciona",
    refused: "No lleva de vuelta a ninguno de los sitios participantes. Cierre esta página y siga donde estaba.",
  },
  it: {
    title: "Continuare la chat",
    intro: "I browser tengono separati i siti web. Continui qui, e la chat la seguirà su tutti i siti partecipanti.",
    proceed: "Continua",
    returnsTo: "La riporta a {site}",
    forget: "Dimentica questa chat",
    sites: "Siti partecipanti",
    privacy: "Privacy",
    noScript:
      "JavaScript è disattivato in questo browser. Senza, questa pagina non può né trasmettere la chat né dimenticarla.",
    working: "Un momento…",
    done: "Fatto.",
    closable: "Può chiudere questa finestra.",
    forgotten: "La chat è stata dimenticata.",
    failed: "Non ha funzionato. Riprovi.",
    refusedTitle: "Questo link non funziona",
    refused: "Non riporta a nessuno dei siti partecipanti. Chiuda questa pagina e riprenda da dove si trovava.",
  },
  pt: {
    title: "Continuar a conversa",
    intro:
      "Os navegadores mantêm os sites separados. Continue aqui, e a sua conversa vai consigo para todos os sites participantes.",
    proceed: "Continuar",
    returnsTo: "Regresso a {site}",
    forget: "Esquecer esta conversa",
    sites: "Sites participantes",
    privacy: "Privacidade",
    noScript:
      "O JavaScript está desativado neste navegador. Sem ele, esta página não pode transmitir nem esquecer a sua conversa.",
    working: "Um momento…",
    done: "Concluído.",
    closable: "Pode fechar esta janela.",
    forgotten: "A conversa foi esquecida.",
    failed: "Não funcionou. Tente novamente.",
    refusedTitle: "Este link não funciona",
    refused: "Não leva de volta a nenhum dos sites participantes. Feche esta página e continue onde estava.",
  },
  nl: {
    title: "Uw chat voortzetten",
    intro: "Browsers houden websites gescheiden. Ga hier door, en uw chat gaat mee naar alle deelnemende websites.",
    proceed: "Doorgaan",
    returnsTo: "Brengt u terug naar {site}",
    forget: "Deze chat vergeten",
    sites: "Deelnemende websites",
    privacy: "Privacy",
    noScript:
      "JavaScript staat uit in deze browser. Zonder JavaScript kan deze pagina uw chat niet doorgeven en ook niet vergeten.",
    working: "Een ogenblik…",
    done: "Klaar.",
    closable: "U kunt dit venster sluiten.",
    forgotten: "De chat is vergeten.",
    failed: "Dat is niet gelukt. Probeer het nog eens.",
    refusedTitle: "Deze link werkt niet",
    refused: "Hij leidt niet terug naar een van de deelnemende websites. Sluit deze pagina en ga verder waar u was.",
  },
  pl: {
    title: "Kontynuuj rozmowę",
    intro:
      "Przeglądarki oddzielają od siebie strony internetowe. Kontynuuj tutaj, a rozmowa przejdzie z Tobą na wszystkie uczestniczące strony.",
    proceed: "Kontynuuj",
    returnsTo: "Powrót do {site}",
    forget: "Zapomnij tę rozmowę",
    sites: "Uczestniczące strony",
    privacy: "Prywatność",
    noScript:
      "JavaScript jest wyłączony w tej przeglądarce. Bez niego ta strona nie może ani przekazać rozmowy, ani jej zapomnieć.",
    working: "Chwileczkę…",
    done: "Gotowe.",
    closable: "Możesz zamknąć to okno.",
    forgotten: "Rozmowa została zapomniana.",
    failed: "Nie udało się. Spróbuj ponownie.",
    refusedTitle: "Ten link nie działa",
    refused: "Nie prowadzi z powrotem do żadnej z uczestniczących stron. Zamknij tę stronę i kontynuuj na poprzedniej.",
  },
  ja: {
    title: "チャットを続ける",
    intro:
      "ブラウザーはサイトどうしを切り離しています。ここで続けると、対象のどのサイトでも同じチャットをご利用いただけます。",
    proceed: "続ける",
    returnsTo: "{site} に戻ります",
    forget: "このチャットを消去",
    sites: "対象のサイト",
    privacy: "プライバシー",
    noScript:
      "このブラウザーでは JavaScript が無効になっています。無効のままでは、チャットの引き継ぎも消去もできません。",
    working: "お待ちください…",
    done: "完了しました。",
    closable: "このウィンドウを閉じてください。",
    forgotten: "チャットを消去しました。",
    failed: "うまくいきませんでした。もう一度お試しください。",
    refusedTitle: "このリンクは使用できません",
    refused: "対象のサイトに戻るリンクではありません。このページを閉じて、元のページからお続けください。",
  },
  ar: {
    title: "متابعة المحادثة",
    intro: "تفصل المتصفحات بين المواقع. تابع من هنا لترافقك محادثتك في جميع المواقع المشاركة.",
    proceed: "متابعة",
    returnsTo: "يعيدك إلى {site}",
    forget: "حذف هذه المحادثة",
    sites: "المواقع المشاركة",
    privacy: "الخصوصية",
    noScript: "لغة JavaScript معطلة في هذا المتصفح. من دونها لا يمكن لهذه الصفحة نقل محادثتك أو حذفها.",
    working: "لحظة من فضلك…",
    done: "تم.",
    closable: "يمكنك إغلاق هذه النافذة.",
    forgotten: "تم حذف المحادثة.",
    failed: "لم ينجح ذلك. يُرجى المحاولة مرة أخرى.",
    refusedTitle: "هذا الرابط لا يعمل",
    refused: "لا يؤدي هذا الرابط إلى أحد المواقع المشاركة. أغلق هذه الصفحة وتابع من حيث أتيت.",
  },
} satisfies Record<string, Strings>;
