"""One understander for the whole room: building it costs seconds, using it less than a millisecond."""

from __future__ import annotations

import pytest

from nlu.understanding import Understander

CORPUS = (
    "Tài khoản định danh điện tử mức độ 2 phải làm trực tiếp tại công an cấp xã.",
    "Mở ứng dụng VNeID, chọn Đăng ký, nhập số định danh cá nhân và số điện thoại chính chủ.",
    "Mã OTP là mật khẩu dùng một lần, không đọc cho bất kỳ ai, kể cả người xưng là nhân viên ngân hàng.",
    "Nộp hồ sơ trực tuyến trên Cổng Dịch vụ công quốc gia, theo dõi trạng thái hồ sơ và nhận kết quả tại nhà.",
    "Đổi giấy phép lái xe cần giấy khám sức khỏe còn hạn và ảnh chân dung.",
    "Đăng ký khai sinh cho trẻ trong thời hạn sáu mươi ngày kể từ ngày sinh, cần giấy chứng sinh.",
    "Thẻ bảo hiểm y tế có thể dùng trên ứng dụng VssID khi đi khám chữa bệnh.",
    "Người cao tuổi nhận lương hưu và trợ cấp xã hội qua tài khoản ngân hàng.",
    "Không cài ứng dụng từ đường dẫn lạ, kẻ gian có thể chiếm quyền điều khiển điện thoại.",
    "Chuyển khoản bằng mã QR, kiểm tra tên người nhận và số tiền trước khi xác nhận.",
    "Kết nối Wi-Fi, bật dữ liệu di động, tiết kiệm dung lượng.",
    "Chỉnh cỡ chữ lớn hơn trong phần cài đặt màn hình của điện thoại.",
    "Đăng ký tạm trú, thông báo lưu trú và xác nhận thông tin về cư trú.",
    "Cấp lại thẻ căn cước khi bị mất hoặc bị hỏng.",
    "Xin cấp hộ chiếu phổ thông trực tuyến, nộp lệ phí và nhận hộ chiếu qua bưu điện.",
)


@pytest.fixture(scope="session")
def understander() -> Understander:
    """An understander that knows a small domain corpus, none of whose sentences is a test case."""
    return Understander(CORPUS)
