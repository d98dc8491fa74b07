const attempts = 5;

/**
 * Runs a whole transaction, and again at once where the database gave it up for another one's sake: a deadlock (40P01) or
 * a conflict (40001) is over the moment it is reported, and nothing of the transaction is left.
 */
export async function retryingConflicts<T>(transaction: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await transaction();
    } catch (error) {
      if (attempt >= attempts || !isConflict(error)) throw error;
    }
  }
}

const isConflict = (error: unknown) =>
  error instanceof Error && "code" in error && (error.code === "40P01" || error.code === "40001");
