import type { Wordings } from "../../mail/kinds.ts";

export const finishedWording: Wordings = {
  en: {
    subject: "The import of {{fileName}} is finished",
    heading: "Hello, {{firstName}}",
    intro: "The import you started at {{organisation}} is finished. This is what became of its rows:",
    button: "Open the report",
    closing: "The report names every row, and where the email to each of these people stands.",
  },
  de: {
    subject: "Der Import von {{fileName}} ist abgeschlossen",
    heading: "Guten Tag, {{firstName}} {{lastName}}",
    intro:
      "Der Import, den Sie bei {{organisation}} gestartet haben, ist abgeschlossen. Das ist aus seinen Zeilen geworden:",
    button: "Bericht öffnen",
    closing: "Der Bericht nennt jede Zeile und wie es um die E-Mail an jede dieser Personen steht.",
  },
  es: {
    subject: "La importación de {{fileName}} ha terminado",
    heading: "Hola, {{firstName}}",
    intro:
      "La importación que usted inició en {{organisation}} ha terminado. Esto es lo que ha sido de sus filas:",
    button: "Abrir el informe",
    closing: "El informe recoge cada fila y en qué punto está el correo a cada una de estas personas.",
  },
};
