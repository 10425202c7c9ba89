using System.Globalization;

namespace TorchSharp;

public static partial class torch
{
    public partial class Device
    {
        public Device(DeviceType deviceType, int index = -1)
        {
            type = deviceType;
            this.index = deviceType == DeviceType.CUDA && index < 0 ? 0 : index;
        }

        public Device(string deviceType, int index = -1) : this(Parse(deviceType), index) { }

        public Device(string description) : this(TypeIn(description), IndexIn(description)) { }

        public Device(int index) : this(DeviceType.CUDA, index) { }

        public DeviceType type { get; } = DeviceType.CPU;

        public int index { get; } = -1;

        public static implicit operator Device(string description) => new(description);

        public override string ToString() =>
            index < 0 || type == DeviceType.CPU ? type.ToString().ToLowerInvariant()
                : string.Create(CultureInfo.InvariantCulture, $"{type.ToString().ToLowerInvariant()}:{index}");

        private static DeviceType TypeIn(string description) => Parse(description.Split(':')[0]);

        private static int IndexIn(string description)
        {
            string[] parts = description.Split(':');
            if (parts.Length == 1) return -1;
            if (parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int index)) return index;
            throw new ArgumentException($"Failed to parse the device description: '{description}'", nameof(description));
        }

        private static DeviceType Parse(string name) =>
            Enum.TryParse(name.Trim(), ignoreCase: true, out DeviceType type) && !char.IsAsciiDigit(name.Trim()[0])
                ? type
                : throw new ArgumentException($"Unknown device type: '{name}'");
    }

    public static readonly Device CPU = new(DeviceType.CPU);
    public static readonly Device META = new(DeviceType.META);
    public static Device CUDA => TryInitializeDeviceType(DeviceType.CUDA) ? new(DeviceType.CUDA) : throw NoDevice(DeviceType.CUDA);

    public static Device device(DeviceType deviceType, int index = -1) => new(deviceType, index);
    public static Device device(string deviceType, int index = -1) => new(deviceType, index);
    public static Device device(string description) => new(description);
    public static Device device(int index) => new(index);

    private static Device defaultDevice = CPU;

    public static Device get_default_device() => defaultDevice;
    public static void set_default_device(Device device) => defaultDevice = InitializeDevice(device);
    public static void set_default_device(string device) => set_default_device(new Device(device));

    /// <summary>The given device, or the default one for null; throws where libtorch cannot use it.</summary>
    public static Device InitializeDevice(Device device)
    {
        device ??= defaultDevice;
        InitializeDeviceType(device.type);
        return device;
    }

    public static void InitializeDeviceType(DeviceType deviceType)
    {
        if (!TryInitializeDeviceType(deviceType)) throw NoDevice(deviceType);
    }

    public static bool TryInitializeDeviceType(DeviceType deviceType) => deviceType switch
    {
        DeviceType.CPU or DeviceType.META => true,
        DeviceType.CUDA => cuda_is_available(),
        _ => false,
    };

    private static InvalidOperationException NoDevice(DeviceType type) =>
        new($"Torch device type {type} did not initialise on the current machine.");

    public static bool cuda_is_available() => NativeMethods.cnntorch_cuda_device_count() > 0;
    public static bool mps_is_available() => false;
}
