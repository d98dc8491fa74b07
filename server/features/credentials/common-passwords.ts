/**
 * The passwords that are tried first everywhere, as far as they are long enough to be accepted otherwise; lower case.
 * Kept short: it is part of what the browser loads.
 */
export const commonPasswords: ReadonlySet<string> = new Set(
  `
  !qaz2wsx3edc 0123456789 0987654321 1029384756 1111122222 1122334455 123123123123 1231231234
  1233211234567 1234567890 1234567891 12345678910 123456789a 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc
  1qaz2wsx3edc4rfv 1qazxsw23edc a123456789 a1234567890 a1b2c3d4e5 a1b2c3d4e5f6 aa12345678 aa123456789
  aaa1234567 abc1234567 abc123456789 abcd123456 abcd1234567 abcd12345678 abcde12345 abcdef123456
  abcdefg123 admin12345 admin123456 admin1234567 admin@12345 adminadmin adminadmin1 administrator
  administrator1 alexander1 alexander123 asdf123456 asdfasdfasdf asdfghjkl1 asdfghjkl; azertyuiop
  barcelona1 barcelona10 baseball12 baseball123 basketball basketball1 butterfly1 butterfly123 changeme123
  changeme123! changeme1234 changemenow changethis123 charlie123 cheesecake chocolate1 chocolate123
  christopher computer123 contrasena contrasena1 contraseña contraseña1 december25 defaultpassword
  dragon1234 elizabeth1 facebook123 football12 football123 fuckyou123 fuckyou1234 google1234 hallo12345
  hallo123456 hello12345 hello123456 helloworld helloworld1 iloveyou12 iloveyou123 iloveyou1234
  iloveyou2000 internet123 jennifer123 jonathan123 kennwort123 letmein123 letmein1234 letmeinnow
  liverpool1 liverpool123 manchester manchester1 masterkey123 michael123 michelle123 microsoft1 monkey1234
  motdepasse motdepasse1 mypassword mypassword1 mypassword123 newpassword newpassword1 november11
  p@55w0rd123 p@ssw0rd1! p@ssw0rd12 p@ssw0rd123 p@ssword123 passw0rd123 passw0rd123! password01 password1!
  password10 password11 password12 password123 password123! password1234 password12345 passwordpassword
  passwort123 passwort123! passwort1234 pokemon123 princess12 princess123 q1w2e3r4t5 q1w2e3r4t5y6
  qazwsxedc1 qazwsxedc123 qazwsxedcrfv qwerty123! qwerty1234 qwerty12345 qwerty123456 qwertyuiop
  qwertyuiop123 qwertz12345 qwertz123456 qwertzuiop realmadrid realmadrid1 samsung123 secret1234
  secret12345 spring2024! starwars123 strawberry summer2024! sunshine12 sunshine123 superman123 temporary1
  temporary123 temppassword test123456 test1234567 test12345678 testing123 testing1234 testpassword
  testtest12 testtest123 trustno1trustno1 useruseruser wachtwoord wachtwoord1 welcome123 welcome123!
  welcome1234 welcome12345 willkommen willkommen1 willkommen123 winter2024! zaq12wsxcde3 zaq1zaq1zaq1
  zxcvbnm,./ zxcvbnm123
  `
    .trim()
    .split(/\s+/),
);
