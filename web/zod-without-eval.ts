import { z } from "zod";

// Zod compiles a schema with `new Function` when it is declared; the content security policy forbids that, and says so
// loudly. Imported before anything that declares one.
z.config({ jitless: true });
