using System.Reflection;

namespace TorchSharp
{
    public static class FieldInfoExtensionMethods
    {
        /// <summary>The name under which a field's module, parameter or buffer is registered.</summary>
        public static string ComponentName(this FieldInfo field) =>
            field.GetCustomAttribute<Utils.ComponentNameAttribute>()?.Name ?? field.Name;
    }

    namespace Utils
    {
        public class ComponentNameAttribute : Attribute
        {
            public string Name { get; set; }
        }
    }
}
