namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>
            /// Parameters and persistent buffers by full name, module by module: own parameters, own buffers, then the children.
            /// The tensors are the module's own, not copies.
            /// </summary>
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor> destination = null, string prefix = null)
            {
                destination ??= [];
                foreach (var (name, parameter) in named_parameters(false)) destination.TryAdd(Qualify(prefix, name), parameter);
                foreach (var (name, buffer) in named_buffers(false, include_nonpersistent: false)) destination.TryAdd(Qualify(prefix, name), buffer);
                foreach (var (name, child) in named_children()) child.state_dict(destination, Qualify(prefix, name));
                return destination;
            }

            private static string Qualify(string prefix, string name) => string.IsNullOrEmpty(prefix) ? name : $"{prefix}.{name}";

            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
                Dictionary<string, Tensor> source, bool strict = true, IList<string> skip = null)
            {
                skip ??= [];
                var destination = state_dict();
                var unexpected = source.Keys.Where(key => !skip.Contains(key) && !destination.ContainsKey(key)).ToList();
                var missing = destination.Keys.Where(key => !skip.Contains(key) && !source.ContainsKey(key)).ToList();
                if (strict && (missing.Count > 0 || unexpected.Count > 0))
                    throw new InvalidOperationException("The loaded state_dict is not identical to the target dictionary.");

                using var guard = no_grad();
                foreach (var (key, tensor) in source)
                    if (!skip.Contains(key) && destination.TryGetValue(key, out var target)) CopyState(key, tensor, target);
                return (missing, unexpected);
            }

            private static void CopyState(string key, Tensor source, Tensor target)
            {
                if (!source.shape.AsSpan().SequenceEqual(target.shape))
                    throw new ArgumentException(
                        $"'{key}' cannot be loaded: expected shape [{string.Join(", ", target.shape)}], got [{string.Join(", ", source.shape)}].");
                target.copy_(source);
            }

            public Module save(string location, IList<string> skip = null)
            {
                using var stream = File.Create(location);
                return save(stream, skip);
            }

            public Module save(Stream stream, IList<string> skip = null)
            {
                using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
                return save(writer, skip);
            }

            public Module save(BinaryWriter writer, IList<string> skip = null)
            {
                save_state_dict(writer, state_dict(), skip);
                return this;
            }

            public static void save_state_dict(BinaryWriter writer, Dictionary<string, Tensor> sd, IList<string> skip = null)
            {
                var entries = sd.Where(entry => skip is null || !skip.Contains(entry.Key)).ToList();
                writer.Write7BitEncodedInt64(entries.Count);
                foreach (var (key, tensor) in entries)
                {
                    writer.Write(key);
                    tensor.Save(writer);
                }
            }

            public virtual Module load(string location, bool strict = true, IList<string> skip = null, Dictionary<string, bool> loadedParameters = null)
            {
                if (!File.Exists(location)) throw new FileNotFoundException(location);
                using var stream = File.OpenRead(location);
                return load(stream, strict, skip, loadedParameters);
            }

            public Module load(Stream stream, bool strict = true, IList<string> skip = null, Dictionary<string, bool> loadedParameters = null)
            {
                using var reader = new BinaryReader(stream, System.Text.Encoding.UTF8, leaveOpen: true);
                return load(reader, strict, skip, loadedParameters);
            }

            public virtual Module load(BinaryReader reader, bool strict = true, IList<string> skip = null, Dictionary<string, bool> loadedParameters = null)
            {
                skip ??= [];
                var destination = state_dict();
                var count = reader.Read7BitEncodedInt64();
                if (strict && count != destination.Count)
                    throw new ArgumentException($"Mismatched state_dict sizes: expected {destination.Count}, but found {count} entries.");

                using var guard = no_grad();
                for (long i = 0; i < count; i++) LoadEntry(reader, destination, strict, skip, loadedParameters);
                if (loadedParameters is not null)
                    foreach (var key in destination.Keys) loadedParameters.TryAdd(key, false);
                return this;
            }

            private static void LoadEntry(BinaryReader reader, Dictionary<string, Tensor> destination, bool strict, IList<string> skip,
                Dictionary<string, bool> loadedParameters)
            {
                var key = reader.ReadString();
                var found = destination.TryGetValue(key, out var target);
                if (!found && strict)
                    throw new ArgumentException($"Mismatched module state names: the target modules does not have a submodule or buffer named '{key}'");
                var take = found && !skip.Contains(key);
                if (take) target.Load(reader);
                else TensorExtensionMethods.Load(reader, skip: true);
                if (loadedParameters is not null) loadedParameters[key] = take;
            }

            public static Module Create<T>(string path) where T : Module, new() => new T().load(path);
        }
    }
}
