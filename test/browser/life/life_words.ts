/** What a life shows and has to be pressed, as it is to be read: nothing is put together here. */
const ENGLISH = {
  free: "Nothing to pay. Your limits start anew on December 1, 2026.",
  choose: "Choose Pro",
  dueNow: "Due now",
  toPayment: "Continue to payment",
  bought: ["Pro is active. Thank you!", "Renews on December 23, 2026.", "€23.20"],
  payment: ["Visa ending in 4242, expires 12/2034", "€29.00 on December 23, 2026"],
  billingDetails: "Change e-mail, address or VAT id",
  half: "50%",
  tokensBelow: "When fewer AI tokens are left than",
  save: "Save",
  saved: "Saved.",
  topUp: "Buy automatically",
  pack: "This pack",
  packOption: "10,000 AI tokens, €5.00",
  packsAMonth: "At most so many a month",
  noPacks: "0 packs have been bought this month.",
  toppedUp: ["1 pack has been bought this month.", "11,500"],
  sent: "40,000 of 50,000",
  downgrade: "Change to Starter",
  until: "On December 23, 2026; until then you keep Pro",
  confirm: "Continue to confirm",
  scheduled: [
    "Your change is scheduled. Until then everything stays as it is.",
    "Changes to Starter on December 23, 2026: €9.00 per month.",
  ],
  keep: "Keep Pro",
  renews: "Renews on December 23, 2026.",
  changeCard: "Change payment method",
  badCard: "Visa ending in 0341",
  stopped: "Stopped on November 23, 2026: the card could not be charged.",
  failed: ["Payment failed, access until January 6, 2027.", "€29.00 is owed."],
  pay: "Pay €29.00",
  recovered: "Renews on January 23, 2027.",
  endedUnpaid: [
    "Pro ended on February 7, 2027 because it was not paid. Paying now does not bring it back: the limits of Free apply.",
    "€29.00 is owed.",
  ],
  ended: "Pro ended on February 7, 2027. Nothing to pay. Your limits start anew on March 1, 2027.",
};

/** The words of a language. */
export type LifeWords = typeof ENGLISH;

const SPANISH: LifeWords = {
  free: "Nada que pagar. Los límites empiezan de nuevo el 1 de diciembre de 2026.",
  choose: "Elegir Pro",
  dueNow: "A pagar ahora",
  toPayment: "Continuar al pago",
  bought: ["Pro está activo. ¡Gracias!", "Se renueva el 23 de diciembre de 2026.", "23,20 €"],
  payment: ["Visa terminada en 4242, caduca en 12/2034", "29,00 € el 23 de diciembre de 2026"],
  billingDetails: "Cambiar correo, dirección o NIF-IVA",
  half: "50 %",
  tokensBelow: "Cuando queden menos tokens de IA que",
  save: "Guardar",
  saved: "Guardado.",
  topUp: "Comprar automáticamente",
  pack: "Este paquete",
  packOption: "10.000 tokens de IA, 5,00 €",
  packsAMonth: "Como máximo al mes",
  noPacks: "Se han comprado 0 paquetes este mes.",
  toppedUp: ["Se ha comprado 1 paquete este mes.", "11.500"],
  sent: "40.000 de 50.000",
  downgrade: "Cambiar a Starter",
  until: "El 23 de diciembre de 2026; hasta entonces conserva Pro",
  confirm: "Continuar y confirmar",
  scheduled: [
    "Su cambio está programado. Hasta entonces todo sigue igual.",
    "Cambia a Starter el 23 de diciembre de 2026: 9,00 € al mes.",
  ],
  keep: "Conservar Pro",
  renews: "Se renueva el 23 de diciembre de 2026.",
  changeCard: "Cambiar el método de pago",
  badCard: "Visa terminada en 0341",
  stopped: "Detenida el 23 de noviembre de 2026: no se pudo cobrar en la tarjeta.",
  failed: ["El pago ha fallado, acceso hasta el 6 de enero de 2027.", "Debe 29,00 €."],
  pay: "Pagar 29,00 €",
  recovered: "Se renueva el 23 de enero de 2027.",
  endedUnpaid: [
    "Pro terminó el 7 de febrero de 2027 porque no se pagó. Pagar ahora no lo recupera: se aplican los límites de Free.",
    "Debe 29,00 €.",
  ],
  ended:
    "Pro terminó el 7 de febrero de 2027. Nada que pagar. Los límites empiezan de nuevo el 1 de marzo de 2027.",
};

/** The words of every language of the page. */
export const LIFE_WORDS = { english: ENGLISH, spanish: SPANISH };
