import type { BlockedReading } from "../types.ts";

export type Field =
  | "firstName"
  | "lastName"
  | "fullName"
  | "anyName"
  | "email"
  | "password"
  | "passwordHash"
  | "groups"
  | "language";

type Words = { field: Field; rank: number; words: string };

/**
 * What columns are called, without accents, spaces and punctuation (`normaliseHeader`). Of two columns for one field
 * the lower rank wins. `anyName` is a first, last or full name depending on what else there is: German lists call the
 * last name `Name`, Italian ones the first name `Nome`.
 */
export const headerWords: readonly Words[] = [
  {
    field: "firstName",
    rank: 1,
    words: `firstname givenname forename fname first christianname vorname vornamen rufname prenom prenoms
      primernombre nombredepila nombres primeironome nomeproprio nomedebatismo voornaam voornamen roepnaam imie imiona
      fornavn fornamn etunimi keresztnev`,
  },
  {
    field: "lastName",
    rank: 1,
    words: `lastname surname familyname lname last nachname nachnamen familienname zuname nomdefamille apellido
      apellidos primerapellido cognome cognomi sobrenome apelido apelidos ultimonome achternaam familienaam nazwisko
      nazwiska etternavn efternavn efternamn sukunimi prijmeni soyad soyadi vezeteknev`,
  },
  {
    field: "fullName",
    rank: 1,
    words: `fullname displayname completename nameandsurname employeename contactname studentname personname
      vollername vollstandigername anzeigename vornameundnachname vorundnachname nomcomplet prenometnom
      nombrecompleto nombreyapellidos nombreyapellido nomecompleto nomeecognome nomeesobrenome nomeeapelido
      volledigenaam weergavenaam imieinazwisko imienazwisko firstandlastname firstnamelastname`,
  },
  { field: "anyName", rank: 1, words: "name nom nombre nome naam jmeno navn namn nimi ad nev" },
  {
    field: "email",
    rank: 1,
    words: `email emailaddress mail mailaddress inviteeemail emailaddresstoinvite email1 email1value emailaddress1
      emailadresse mailadresse email1adresse adresseemail adressemail adresseelectronique adressedecourriel courriel
      adressedemessagerie correo correoelectronico direcciondecorreo direcciondecorreoelectronico direcciondeemail
      indirizzoemail indirizzodipostaelettronica postaelettronica enderecodeemail enderecoeletronico
      correioeletronico emailadres mailadres adresemail adrespocztyelektronicznej pocztaelektroniczna
      epost epostadress epostadresse eposta sahkoposti`,
  },
  {
    field: "email",
    rank: 2,
    words: `workemail workemailaddress businessemail businessemailaddress primaryemail primaryemailaddress companyemail
      schoolemail officialemail contactemail useremail emailwork emailprimary userprincipalname upn
      dienstlicheemail dienstlicheemailadresse emaildienstlich geschaftlicheemail geschaftlicheemailadresse
      emailgeschaftlich emailprofessionnel mailprofessionnel correodeltrabajo correocorporativo emailaziendale
      emailprofissional emailcorporativo zakelijkeemail werkemail emailsluzbowy`,
  },
  { field: "email", rank: 3, words: "login loginid loginname" },
  {
    field: "email",
    rank: 4,
    words: `username benutzername anmeldename nomdutilisateur identifiant usuario nombredeusuario nomeutente
      nomedeusuario nomedeutilizador gebruikersnaam nazwauzytkownika`,
  },
  {
    field: "password",
    rank: 1,
    words: `password initialpassword temporarypassword temppassword startpassword newpassword passwordprofile pass pwd
      passwort kennwort startpasswort startkennwort initialpasswort initialkennwort erstpasswort motdepasse
      contrasena clave senha palavrapasse palavrachave wachtwoord haslo`,
  },
  {
    field: "passwordHash",
    rank: 1,
    words: "passwordhashfunction passwordhash hashfunction hashedpassword sshapassword",
  },
  {
    field: "groups",
    rank: 1,
    words: `groups group groupname groupnames usergroup usergroups memberof cohort cohorts
      gruppe gruppen gruppenname gruppennamen benutzergruppe benutzergruppen gruppenzugehorigkeit
      gruppenmitgliedschaft gruppenmitgliedschaften mitgliedvon mitgliedin
      groupe groupes nomdugroupe nomdegroupe groupedutilisateurs groupesdutilisateurs groupeutilisateur
      groupesutilisateurs membrede membredesgroupes
      grupo grupos nombredelgrupo nombredegrupo grupodeusuarios gruposdeusuarios miembrode
      nomedogrupo grupodeutilizadores gruposdeutilizadores grupodeusuario gruposdeusuario membrode
      gruppo gruppi nomegruppo nomedelgruppo gruppoutenti gruppiutenti gruppodiutenti gruppidiutenti membrodi
      groep groepen groepsnaam groepsnamen gebruikersgroep gebruikersgroepen lidvan
      grupa grupy nazwagrupy nazwygrup grupauzytkownikow grupyuzytkownikow czlonekgrupy czlonekgrup`,
  },
  {
    field: "language",
    rank: 1,
    words: `emaillanguage languageofemails languageofemail mailinglanguage mailsprache emailsprache sprachedermails
      spracheremails langueemail languedesemails idiomadecorreo idiomadelcorreo idiomadeloscorreos linguaemail
      linguadelleemail idiomadoemail idiomadosemails emailtaal taalvanemails jezykemail jezykwiadomosci`,
  },
  {
    field: "language",
    rank: 2,
    words: `preferredlanguage preferedlanguage correspondencelanguage communicationlanguage contactlanguage
      bevorzugtesprache korrespondenzsprache kontaktsprache languepreferee languedecorrespondance languedecontact
      idiomapreferido idiomadecorrespondencia idiomadecontacto linguapreferita linguadicorrispondenza idiomadecontato
      voorkeurstaal correspondentietaal preferowanyjezyk jezykkorespondencji`,
  },
  {
    field: "language",
    rank: 3,
    words: `language lang languagecode userlanguage sprache sprachcode langue codelangue idioma lenguaje lingua linguagem
      taal taalcode jezyk sprak sprog kieli`,
  },
  { field: "language", rank: 4, words: "locale localecode" },
];

/** Moodle's `cohort1`, `cohort2`, and the same idea in other files. */
export const numberedGroups = /^(?:cohort|group|gruppe|groupe|grupo|gruppo|groep|grupa)\d+$/;

/** Could be meant as groups, but changes what people may do: offered, never taken silently. */
export const groupCandidates = new Set(
  `department departments departmentname dept depts orgunit orgunitpath organizationalunit organisationalunit
   organizationunit organisationunit team teams teamname squad squads class classes division divisions section
   sections unit units businessunit costcenter costcentre labels tags category categories groupmembership role roles
   abteilung abteilungen abteilungsname abt bereich bereiche fachbereich fachbereiche ressort referat arbeitsgruppe
   arbeitsgruppen organisationseinheit kostenstelle mannschaft standort klasse klassen
   departement departements service services equipe equipes direction pole unite uniteorganisationnelle classe
   departamento departamentos equipo equipos area areas seccion secciones sector sectores unidad unidadorganizativa
   clase servicio servicios
   equipas setor setores seccao seccoes secao secoes unidade unidadeorganizacional servico servicos
   dipartimento dipartimenti reparto reparti squadra squadre ufficio uffici settore settori unita unitaorganizzativa
   classi servizio servizi
   afdeling afdelingen afdelingsnaam ploeg ploegen dienst diensten eenheid organisatieeenheid klas
   dzial dzialy zespol zespoly oddzial oddzialy wydzial wydzialy jednostkaorganizacyjna komorka klasa klasy`
    .trim()
    .split(/\s+/),
);

/** In the order in which one is chosen where a file has several. */
export const blockedWords: readonly { reads: BlockedReading; words: string }[] = [
  {
    reads: "blocked",
    words: `blocksignin blocked isblocked suspended issuspended disabled isdisabled locked inactive accountdisabled
      anmeldungblockieren anmeldeblockierung gesperrt deaktiviert inaktiv bloque bloquerlaconnexion desactive
      bloqueado suspendido sospeso bloccato geblokkeerd zablokowany`,
  },
  {
    reads: "enabled",
    words: `accountenabled enabled isenabled active isactive accountactive aktiv aktiviert actif activo ativo attivo
      actief aktywny`,
  },
  {
    reads: "status",
    words: "status newstatus userstatus accountstatus benutzerstatus kontostatus statut estado stato",
  },
  { reads: "deleted", words: "deleted isdeleted geloscht supprime eliminado eliminato" },
];
