/** A number with its noun, such as `1 tenant` and `2 tenants`. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}
