/** A scripted assistant: enough to hold a conversation over two shops, and honest about being a script. */
import { shopById, type ShopId } from "./shops.ts";

interface Place {
  readonly shop: ShopId;
  /** The visitor's last message came from the other shop. */
  readonly movedShop: boolean;
}

type Reply = string | Readonly<Record<ShopId, string>>;

/** The first rule that matches answers. Words, not intelligence. */
const RULES: readonly (readonly [RegExp, Reply])[] = [
  [
    /\b(dawn|enamel)\b/i,
    "The **Dawn kettle** holds 1.2 litres, works on gas and induction, and rings a low note rather than a scream. 64 €.",
  ],
  [
    /\b(heron|spout|pourer)\b/i,
    "The **Heron pourer** has a neck thin enough for slow filter coffee and a handle that stays cool. 78 €.",
  ],
  [/\b(tealight|warmer|ember)\b/i, "The **Ember warmer** keeps a pot at 60 °C for two hours on one tealight. 29 €."],
  [
    /\b(barn owl|front light|headlight|barn)\b/i,
    "The **Barn Owl** throws 90 lux with a cut-off beam, so nobody coming the other way is blinded. 119 €.",
  ],
  [
    /\b(glow-?worm|rear light|tail ?light)\b/i,
    "The **Glow-worm** is seen from 400 m and brightens by itself when you brake. 49 €.",
  ],
  [
    /\b(moth|hub dynamo|dynamo)\b/i,
    "The **Moth** dynamo gives 3 watts from 15 km/h and runs for years without a look. 165 €.",
  ],
  [
    /\b(deliver\w*|shipping|arrive|postage)\b/i,
    "Orders placed before 14:00 leave the same day and take two to three working days. Above 50 € delivery is on us.",
  ],
  [
    /\b(return\w*|refund|exchange|warranty|guarantee)\b/i,
    "You have 60 days to change your mind, and five years of guarantee, in either shop.",
  ],
  [
    /\b(price|cost|how much|expensive|discount)\b/i,
    "Prices are on each product's card. If you buy from both of our shops, delivery is free.",
  ],
  [
    /\b(human|person|agent|someone real)\b/i,
    "I am a script in a demo, so there is nobody to hand you to. In a real shop this is where a colleague would join, with all of the above in front of them.",
  ],
  [
    /\b(other (shop|site|store)|follow|same chat|how does (this|it)|carryover|cookie)\b/i,
    "Follow the link to our other shop: it lives on an unrelated domain, and this very chat will be there. The hub carries one cookie across, nothing else.",
  ],
  [/\b(thanks?|thank you|cheers|great|perfect|lovely)\b/i, "Gladly! “End chat” deletes all of this, on both shops."],
  [
    /\b(hello|hi|hey|good (morning|evening|day))\b/i,
    {
      "shop-a": "Hello! Are you looking for a kettle, or for something to keep a pot warm?",
      "shop-b": "Hello! Are you looking for a light that sees, or a light to be seen by?",
    },
  ],
];

const OTHERWISE: Reply = {
  "shop-a":
    "I only know a few lines. Ask me about the Dawn kettle, delivery, returns, or how this chat follows you to our other shop.",
  "shop-b":
    "I only know a few lines. Ask me about the Barn Owl light, delivery, returns, or how this chat follows you to our other shop.",
};

export function answer(text: string, { shop, movedShop }: Place): string {
  const reply = RULES.find(([words]) => words.test(text))?.[1] ?? OTHERWISE;
  const words = typeof reply === "string" ? reply : reply[shop];
  return movedShop ? `You have moved to ${shopById(shop).name}, and I still have our conversation. ${words}` : words;
}
