// Users from somewhere else.

export async function loadNames(ids, load) {
  return ids.map(async (id) => {
    const user = await load(id);
    return user.name;
  });
}
